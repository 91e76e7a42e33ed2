// The library: what the command line tool and the setup hook are made of.
//
//     import { renderOutcome, run } from "wrap-buddy";

export { type Candidate, type DiscoverOptions, type Discovery, discover } from "./discover.ts";
export { type ElfDefect, ElfError } from "./elf/error.ts";
export { parseElf, tryParseElf } from "./elf/file.ts";
export type * from "./elf/model.ts";
export { bufferSource, fileSource } from "./elf/source.ts";
export { inspect } from "./inspect/inspect.ts";
export type {
  FileState,
  InspectedLoad,
  InspectedObject,
  Inspection,
  InspectionReport,
  SidecarFacts,
} from "./inspect/model.ts";
export type { Question } from "./inspect/what-loads.ts";
export type { ResolveContext } from "./libraries/context.ts";
export { chooseInterpreter, type LoadedInterpreter, loadInterpreter } from "./libraries/interpreter.ts";
export { createLibraryIndex, type LibraryIndex } from "./libraries/library-index.ts";
export type {
  CLibrary,
  Interpreter,
  LibraryIssue,
  LoadedObject,
  Provenance,
  Resolution,
} from "./libraries/model.ts";
export { resolve } from "./libraries/resolve.ts";
export type { FileOutcome, Issue, RequestIssue, RunOutcome } from "./outcome.ts";
export { type Applied, applyPlan } from "./patch/apply.ts";
export type { Edit, FilePlan, PatchIssue, Placement, WrapFacts } from "./patch/model.ts";
export { type Original, readOriginal } from "./patch/original.ts";
export { type Planned, type PlanRequest, planFile } from "./patch/plan.ts";
export { type Unwrapped, unwrapFile } from "./patch/unwrap.ts";
export { run } from "./pipeline.ts";
export { classify } from "./policy/eligibility.ts";
export type { Eligibility, SkipReason } from "./policy/model.ts";
export { colourPaint, type Paint, plainPaint } from "./report/colour.ts";
export type { ReportContext, ShownRoot, Surface } from "./report/context.ts";
export { type ExitCode, exitCodeOf } from "./report/exit-code.ts";
export { inspectionToJson, renderInspectionJson } from "./report/inspection-json.ts";
export { type InspectionJson, inspectionJsonSchema, inspectionSchema } from "./report/inspection-schema.ts";
export { type InspectionStyle, renderInspection } from "./report/inspection-text.ts";
export { outcomeToJson, renderJson } from "./report/json.ts";
export { describeIssues, type Message } from "./report/message.ts";
export { type RenderedReport, type RenderOptions, renderOutcome, type Verbosity } from "./report/render.ts";
export { type ReportJson, reportJsonSchema, reportSchema } from "./report/schema.ts";
export type { RunPathMode, WrapRequest } from "./request.ts";
export { type Severity, severityOf } from "./severity.ts";
export type { UnwrapOutcome, UnwrapReport, UnwrapRequest } from "./unwrap/model.ts";
export { unwrap } from "./unwrap/unwrap.ts";
export type { FoundIssue, VerifyIssue, VerifyOutcome, VerifyReport, VerifyRequest } from "./verify/model.ts";
export { verify } from "./verify/verify.ts";
