// The library: what the command line tool and the setup hook are made of.
//
//     import { renderOutcome, run } from "wrap-buddy";

export { inspect } from "./commands/inspect/inspect.ts";
export type { FileState, Inspection, InspectionReport, SidecarFacts } from "./commands/inspect/inspection.ts";
export { inspectionToJson, renderInspectionJson } from "./commands/inspect/inspection-json.ts";
export { type InspectionJson, inspectionJsonSchema, inspectionSchema } from "./commands/inspect/inspection-schema.ts";
export { type InspectionStyle, renderInspection } from "./commands/inspect/inspection-text.ts";
export { unwrap } from "./commands/unwrap/unwrap.ts";
export type { UnwrapOutcome, UnwrapReport, UnwrapRequest } from "./commands/unwrap/unwrap-report.ts";
export { verify } from "./commands/verify/verify.ts";
export type {
  FoundIssue,
  VerifyIssue,
  VerifyOutcome,
  VerifyReport,
  VerifyRequest,
} from "./commands/verify/verify-report.ts";
export { outcomeToJson, renderJson } from "./commands/wrap/outcome-json.ts";
export { type ReportJson, reportJsonSchema, reportSchema } from "./commands/wrap/outcome-schema.ts";
export { renderOutcome } from "./commands/wrap/outcome-text.ts";
export { run } from "./commands/wrap/run.ts";
export type { FileOutcome, RunOutcome } from "./commands/wrap/run-outcome.ts";
export type * from "./elf/elf-file.ts";
export { type ElfDefect, ElfError } from "./elf/error.ts";
export { parseElf, tryParseElf } from "./elf/parse-elf.ts";
export { bufferSource, fileSource } from "./elf/source.ts";
export { type Candidate, type DiscoverOptions, type Discovery, discover } from "./files/discover.ts";
export { classify } from "./files/kind/eligibility.ts";
export type { Eligibility, SkipReason } from "./files/kind/skip-reason.ts";
export type { RequestIssue } from "./files/request-issue.ts";
export type { CLibrary, Interpreter } from "./linker/interpreter/interpreter.ts";
export { chooseInterpreter, type LoadedInterpreter, loadInterpreter } from "./linker/interpreter/load-interpreter.ts";
export type { LoadedObject, Provenance } from "./linker/load/provenance.ts";
export { createLibraryIndex, type LibraryIndex } from "./linker/search/library-index.ts";
export type { LibraryIssue } from "./linker/solve/library-issue.ts";
export type { RunPathMode } from "./linker/solve/library-settings.ts";
export type { Resolution } from "./linker/solve/resolution.ts";
export { resolve } from "./linker/solve/resolve.ts";
export type { ResolveContext } from "./linker/solve/resolve-context.ts";
export type { Edit, FilePlan, Placement, WrapFacts } from "./patch/file-plan.ts";
export { type Original, readOriginal } from "./patch/original.ts";
export type { PatchIssue } from "./patch/patch-issue.ts";
export { type Planned, type PlanRequest, planFile } from "./patch/plan.ts";
export { type Applied, applyPlan } from "./patch/write/apply.ts";
export { type Unwrapped, unwrapFile } from "./patch/write/restore.ts";
export type { InspectedLoad, InspectedObject } from "./planning/what-loads/inspected-load-facts.ts";
export type { Question } from "./planning/what-loads/what-loads.ts";
export type { WrapRequest } from "./planning/wrap-request.ts";
export { colourPaint, type Paint, plainPaint } from "./report/colour.ts";
export type { ReportContext, ShownRoot, Surface } from "./report/context.ts";
export { type ExitCode, exitCodeOf } from "./report/exit-code.ts";
export type { Issue } from "./report/issue.ts";
export { severityOf } from "./report/issues/all-issues.ts";
export { describeIssues } from "./report/messages/describe-issues.ts";
export type { Message } from "./report/messages/message.ts";
export type { RenderedReport, RenderOptions, Verbosity } from "./report/render.ts";
export type { Severity } from "./report/severity.ts";
