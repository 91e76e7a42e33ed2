// The command that shows what executables load, and from where.

import { inspect } from "../inspect/inspect.ts";
import type { Question } from "../inspect/what-loads.ts";
import { type ExitCode, exitCode } from "../report/exit-code.ts";
import { renderInspectionJson } from "../report/inspection-json.ts";
import { renderInspection } from "../report/inspection-text.ts";
import { readEnvironment } from "./environment.ts";
import { helpText } from "./help.ts";
import type { CommandIo } from "./io.ts";
import type { OptionValues } from "./option-spec.ts";
import { inspectOptions } from "./options.ts";
import { parseWords } from "./parse.ts";
import { wrapRequest } from "./request.ts";
import { refuse, streamStyle } from "./streams.ts";

const usage = "wrap-buddy inspect [OPTION…] PATH…";
const summary =
  "Shows what executables load, from where and why; of wrapped ones, what stands in their sidecars. With an option about libraries or how to wrap: what they would load if they were wrapped like that. Nothing is written. Exit status 1 means that something is missing.";

type InspectValues = OptionValues<typeof inspectOptions>;

/** Runs the command; every outcome is worded on the two streams. */
export async function runInspect(words: readonly string[], io: CommandIo): Promise<ExitCode> {
  const parsed = await parseWords(words, inspectOptions);
  if (parsed.kind === "issues") return refuse(parsed.issues, io);
  const { values } = parsed;
  if (values.help) {
    io.writeOutput(helpText(usage, summary, inspectOptions, []));
    return exitCode.done;
  }
  if (values["json-schema"]) {
    const { inspectionJsonSchema } = await import("../report/inspection-schema.ts");
    io.writeOutput(`${JSON.stringify(inspectionJsonSchema(), undefined, 2)}\n`);
    return exitCode.done;
  }
  const checked = readEnvironment(io.variables);
  if (checked.kind === "issues") return refuse(checked.issues, io);
  if (values.paths.length === 0) return refuse([{ kind: "no-paths" }], io);
  const { environment } = checked;
  const request = wrapRequest(
    { ...values, "loader-dir-path": undefined, "dry-run": true },
    environment,
    io.workingDirectory,
  );
  const report = inspect(request, questionOf(values));
  const rendered = renderInspection(report, streamStyle(environment, io));
  io.writeOutput(values.json ? renderInspectionJson(report) : rendered.stdout);
  io.writeError(rendered.stderr);
  return report.ok ? exitCode.done : exitCode.failed;
}

/** Whoever says how to wrap wants to know what comes of it. */
function questionOf(values: InspectValues): Question {
  const { libs, interpreter, needed, relocatable, pin } = values;
  const lists = [libs, interpreter, needed, values["runtime-dependencies"], values["append-run-path"]];
  const flags = [relocatable, values["keep-libc"], values["ignore-existing"]];
  const isAsked =
    lists.some((list) => list.length > 0) ||
    flags.includes(true) ||
    pin !== undefined ||
    values["run-path-mode"] !== inspectOptions["run-path-mode"].default;
  return isAsked ? "if-wrapped" : "as-it-is";
}
