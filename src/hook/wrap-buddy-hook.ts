// The commands that wrap: from the shell's hand-over to the report in the build's log.

import { absolutePath } from "../base/real-path.ts";
import { optimiseLate } from "../cli/engine/optimise-late.ts";
import { readEnvironment } from "../cli/machine/read-environment.ts";
import { describeUsageIssue } from "../cli/options/usage-message.ts";
import { verbosityOf } from "../cli/output/verbosity.ts";
import { version } from "../cli/version.ts";
import { renderOutcome } from "../commands/wrap/outcome-text.ts";
import { run } from "../commands/wrap/run.ts";
import type { RunOutcome } from "../commands/wrap/run-outcome.ts";
import { finishedRun } from "../commands/wrap/summary.ts";
import { reportFinished } from "../report/bug.ts";
import { plainPaint } from "../report/colour.ts";
import type { ReportContext } from "../report/context.ts";
import { exitCode, exitCodeOf } from "../report/exit-code.ts";
import type { Message } from "../report/messages/message.ts";
import { renderMessages } from "../report/render.ts";
import { choiceFlags, readFlags } from "./flags.ts";
import { type Handover, recordValues } from "./handover.ts";
import { parseArguments } from "./hook-arguments.ts";
import { readAttributes, readAttributesFile } from "./hook-environment.ts";
import { describeEmptyDependency, describeHookIssue, describeNothingToWrap } from "./hook-message.ts";
import type { HookReport } from "./hook-report.ts";
import { emptyDependencies, hookRequest } from "./hook-request.ts";
import { wrappableOutputs } from "./outputs.ts";
import { searchDirectories } from "./search-path.ts";

/** With fewer, what `optimiseLate` has to load, 3 ms, is more than it saves. */
const manyExecutables = 30;

type Variables = Readonly<Record<string, string | undefined>>;

/** Wraps, unless something that the package says to the hook is wrong: then all of it is said, and nothing done. */
export async function wrap(
  command: "wrap" | "wrap-outputs",
  handover: Handover,
  variables: Variables,
  workingDirectory: string,
): Promise<HookReport> {
  const outputs = wrappableOutputs(recordValues(handover, "outputs"));
  const context: ReportContext = { surface: "hook", shownRoots: outputs };
  const said = await readPackage(command, handover, variables, outputs);
  if (said.kind === "issues") {
    return refuse([
      ...said.issues.map((issue) => describeHookIssue(issue, context)),
      ...said.environmentIssues.map((issue) => describeUsageIssue(issue, "")),
    ]);
  }

  const { attributes, flags, environment, searchDirectories, paths, recurse } = said;
  const warnings = emptyDependencies(attributes).map(describeEmptyDependency);
  const outcome = run(
    hookRequest({
      handover,
      attributes,
      flags,
      environment,
      searchDirectories,
      paths: paths.map((path) => absolutePath(workingDirectory, path)),
      recurse,
    }),
    {
      onFound: (count) => {
        if (count > manyExecutables) optimiseLate();
      },
    },
  );
  const isIdle = command === "wrap-outputs" && hasNothingToWrap(outcome);
  const notes = isIdle ? [describeNothingToWrap(outputs.map(({ shownAs }) => shownAs))] : [];
  const verbosity = verbosityOf(flags, environment);
  const rendered = reportFinished(
    () => renderOutcome(outcome, { context, verbosity, paint: plainPaint, errorPaint: plainPaint }),
    () => finishedRun(outcome),
    version,
  );
  return {
    stdout: rendered.stdout,
    stderr: renderMessages([...warnings, ...notes], plainPaint) + rendered.stderr,
    code: exitCodeOf(outcome),
  };
}

/** What the package says to the hook, or all that is wrong with it. */
async function readPackage(
  command: "wrap" | "wrap-outputs",
  handover: Handover,
  variables: Variables,
  outputs: ReportContext["shownRoots"],
) {
  const attributes = readAttributes(handover, readAttributesFile(variables));
  const { wrapBuddyFlags, autoPatchelfFlags } = attributes.values;
  const choices = choiceFlags(attributes.values);
  // In front: what stands in wrapBuddyFlags counts more.
  const flags = await readFlags([...choices.flags, ...wrapBuddyFlags], autoPatchelfFlags);
  const search = searchDirectories(recordValues(handover, "searchPathCalls"));
  const target =
    command === "wrap"
      ? parseArguments("wrapBuddy", recordValues(handover, "arguments"))
      : { paths: outputs.map(({ directory }) => directory), recurse: true, issues: [] };
  const environment = readEnvironment({ ...variables, NIX_DEBUG: handover.get("NIX_DEBUG")?.values[0] });
  const issues = [
    ...attributes.issues,
    ...choices.issues,
    ...(flags.kind === "issues" ? flags.issues : []),
    ...search.issues,
    ...target.issues,
  ];
  if (issues.length > 0 || flags.kind === "issues" || environment.kind === "issues") {
    const environmentIssues = environment.kind === "issues" ? environment.issues : [];
    return { kind: "issues", issues, environmentIssues } as const;
  }
  return {
    kind: "said",
    attributes: attributes.values,
    flags: flags.values,
    environment: environment.environment,
    searchDirectories: search.directories,
    paths: target.paths,
    recurse: target.recurse,
  } as const;
}

function refuse(messages: readonly Message[]): HookReport {
  return {
    stdout: "",
    stderr: renderMessages(messages, plainPaint),
    code: exitCode.usage,
  };
}

function hasNothingToWrap({ files, ok }: RunOutcome): boolean {
  const kinds = new Set(files.map(({ kind }) => kind));
  return (
    ok &&
    !(["wrapped", "already-wrapped", "in-place", "already-in-place", "restored"] as const).some((kind) =>
      kinds.has(kind),
    )
  );
}
