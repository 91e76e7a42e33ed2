// What is said when this program itself is wrong.

import { escapeControls } from "./context.ts";
import { linesToText, type RenderedReport } from "./render.ts";

/** The report of an exception that nothing expected: the trace, and what to do with it. Exit status 70 goes with it. */
export function describeBug(thrown: unknown, version: string): string {
  return linesToText([
    "wrap-buddy: error: this is a bug in wrap-buddy, not in what it was given",
    ...describeThrown(thrown, version),
  ]);
}

function describeThrown(thrown: unknown, version: string): readonly string[] {
  const trace = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return [
    ...trace.split("\n").map((line) => `  ${line}`),
    `  help: report it with these lines, the command line and, if it can be shared, the file; version ${version}, node ${process.version}, ${process.arch}`,
  ];
}

/** What is known of a run without wording it. */
export interface FinishedRun {
  /** One line: how many files were written, and so on. */
  readonly summary: string;
  readonly issues: readonly unknown[];
}

const issuesShown = 20;

/**
 * The report of a run that is over: what `render` makes, or, where that fails, what was done and then the failure. The
 * run's own exit status stays: files that are written are written, whatever becomes of the words about them.
 */
export function reportFinished(render: () => RenderedReport, run: () => FinishedRun, version: string): RenderedReport {
  try {
    return render();
  } catch (error) {
    return {
      stdout: "",
      stderr: linesToText([
        ...withoutWords(run),
        "wrap-buddy: warning: the report of this run could not be made: a bug in wrap-buddy, but the run is finished",
        ...describeThrown(error, version),
      ]),
    };
  }
}

/** The summary and the issues as they are; nothing where even these fail. */
function withoutWords(run: () => FinishedRun): readonly string[] {
  try {
    const { summary, issues } = run();
    const shown = issues.slice(0, issuesShown).map((issue) => `  ${escapeControls(JSON.stringify(issue, asText))}`);
    const more = issues.length - issuesShown;
    return [`wrap-buddy: ${summary}`, ...shown, ...(more > 0 ? [`  and ${more} more issues`] : [])];
  } catch {
    return [];
  }
}

/** Addresses, which JSON has no form for. */
function asText(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? `0x${value.toString(16)}` : value;
}
