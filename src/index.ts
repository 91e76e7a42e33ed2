// The library: what the command line and the setup hook are made of. Every example is run by test/unit/index.test.ts.
// What is not here is internal, and may change in any version.

/**
 * Says what executables load and from where: as they are, or as they would be if they were wrapped. Reads only.
 *
 *     import { inspect, wrapDefaults } from "wrap-buddy";
 *     const interpreters = ["/nix/store/…-glibc/lib/ld-linux-x86-64.so.2"];
 *     const report = inspect({ ...wrapDefaults, paths: ["/home/me/tool"], interpreters }, "if-wrapped");
 *     console.log(report.files[0].needed, report.files[0].load.cLibrary); // [ 'libc.so.6' ] glibc
 */
export { inspect } from "./commands/inspect/inspect.ts";
export type { InspectionReport } from "./commands/inspect/inspection.ts";
export { renderInspectionJson } from "./commands/inspect/inspection-json.ts";
export { inspectionSchema } from "./commands/inspect/inspection-schema.ts";
export { renderInspection } from "./commands/inspect/inspection-text.ts";

/**
 * Makes the original of every wrapped file again.
 *
 *     import { renderUnwrapJson, unwrap } from "wrap-buddy";
 *     const report = unwrap({ paths: ["/home/me/tool"], recurse: true, exclude: [], dryRun: false });
 *     console.log(report.files[0].kind, report.files[0].removed); // unwrapped [ '/home/me/.tool.wrapbuddy' ]
 *     console.log(JSON.parse(renderUnwrapJson(report)).ok); // true
 */
export { unwrap } from "./commands/unwrap/unwrap.ts";

export { renderUnwrapJson } from "./commands/unwrap/unwrap-json.ts";
export type { UnwrapReport, UnwrapRequest } from "./commands/unwrap/unwrap-report.ts";
export { unwrapReportSchema } from "./commands/unwrap/unwrap-schema.ts";
export { renderUnwrapReport } from "./commands/unwrap/unwrap-text.ts";
/**
 * Says whether every wrapped file is whole, and what it refers to is there. Reads only.
 *
 *     import { plainPaint, renderVerifyReport, verify } from "wrap-buddy";
 *     const paths = ["/home/me/tool"];
 *     const report = verify({ paths, recurse: true, exclude: [], ignoreMissing: [], storeDirectory: "/nix/store" });
 *     const context = { surface: "cli", shownRoots: [{ directory: "/home/me", shownAs: "." }] };
 *     const style = { context, verbosity: 0, paint: plainPaint, errorPaint: plainPaint };
 *     console.log(renderVerifyReport(report, style).stdout.split("\n")[0]); // none fine, 1 not wrapped
 */
export { verify } from "./commands/verify/verify.ts";
export { renderVerifyJson } from "./commands/verify/verify-json.ts";

export type { VerifyReport, VerifyRequest } from "./commands/verify/verify-report.ts";
export { verifyReportSchema } from "./commands/verify/verify-schema.ts";
export { renderVerifyReport } from "./commands/verify/verify-text.ts";
export { renderJson } from "./commands/wrap/outcome-json.ts";
/**
 * The shapes of what the renderers of JSON print, as zod schemas: to check a report that was read, or for zod's
 * toJSONSchema.
 *
 *     import { renderJson, reportSchema, run, wrapDefaults } from "wrap-buddy";
 *     const text = renderJson(run({ ...wrapDefaults, paths: ["/home/me/none"] }));
 *     const { issues } = reportSchema.parse(JSON.parse(text));
 *     console.log(issues[0].kind, issues[0].severity); // no-such-path error
 */
export { reportSchema } from "./commands/wrap/outcome-schema.ts";
export { renderOutcome } from "./commands/wrap/outcome-text.ts";
/**
 * Wraps executables, and libraries where that is asked for. The outcome has every file and all that went wrong; the
 * renderers make of it what the command line prints. What is thrown is a bug.
 *
 *     import { renderJson, run, wrapDefaults } from "wrap-buddy";
 *     const request = { ...wrapDefaults, paths: ["/home/me/tool"], interpreters: ["/nix/store/…-glibc/lib/ld-linux-x86-64.so.2"] };
 *     const outcome = run(request);
 *     console.log(outcome.ok, outcome.files[0].kind, outcome.files[0].sidecarPath); // true wrapped /home/me/.tool.wrapbuddy
 *     console.log(JSON.parse(renderJson(outcome)).files[0].facts.elfClass); // 64
 */
export { run } from "./commands/wrap/run.ts";
export type { FileOutcome, RunOutcome } from "./commands/wrap/run-outcome.ts";
/**
 * Finds the ELF files of a request, each once whatever its names, in an order that is the same on every file system.
 *
 *     import { discover } from "wrap-buddy";
 *     const { candidates, skipped } = discover(["/home/me"], { recurse: true, exclude: ["*.txt"] });
 *     console.log(candidates.map(({ relativePath }) => relativePath), skipped.length); // [ 'tool' ] 0
 */
export { discover } from "./files/discover.ts";
export type { DiscoverOptions, Discovery } from "./files/discovery.ts";
export { type WrapRequest, wrapDefaults } from "./planning/wrap-request.ts";

/** Colours for the renderers of text: ANSI escapes, or none. */
export { colourPaint, type Paint, plainPaint } from "./report/colour.ts";

export type { Issue } from "./report/issue.ts";

export type { RenderedReport, RenderOptions } from "./report/render.ts";
