// What the commands print for --json-schema. Apart, because making them takes more code than all the commands.

export { bundleJsonSchema } from "../commands/bundle/bundle-schema.ts";
export { inspectionJsonSchema } from "../commands/inspect/inspection-schema.ts";
export { unwrapJsonSchema } from "../commands/unwrap/unwrap-schema.ts";
export { verifyJsonSchema } from "../commands/verify/verify-schema.ts";
export { reportJsonSchema } from "../commands/wrap/outcome-schema.ts";
