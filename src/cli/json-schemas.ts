// What the commands print for --json-schema. Apart, because making them takes more code than all the commands.

export { inspectionJsonSchema } from "../report/inspection-schema.ts";
export { reportJsonSchema } from "../report/schema.ts";
export { unwrapJsonSchema } from "../report/unwrap-schema.ts";
export { verifyJsonSchema } from "../report/verify-schema.ts";
