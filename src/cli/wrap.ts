// The command that wraps: words in, report out.

import { run } from "../pipeline.ts";
import { type ExitCode, exitCode, exitCodeOf } from "../report/exit-code.ts";
import { renderJson } from "../report/json.ts";
import { renderOutcome } from "../report/render.ts";
import type { UsageIssue } from "../report/usage-message.ts";
import { commands } from "./commands.ts";
import { completionScript } from "./completion.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { helpText } from "./help.ts";
import type { CommandIo } from "./io.ts";
import { wrapOptions } from "./options.ts";
import { parseWords } from "./parse.ts";
import { type WrapValues, wrapRequest } from "./request.ts";
import { refuse, streamStyle } from "./streams.ts";
import { verbosityOf } from "./verbosity.ts";
import { version } from "./version.ts";

const usage = "wrap-buddy [OPTION…] PATH… [--libs DIR…]";
const summary =
  "Makes pre-built Linux executables run with libraries and a dynamic linker from elsewhere, the Nix store above all, without rewriting them.";

/** Runs the command; every outcome is worded on the two streams. */
export async function runWrap(words: readonly string[], io: CommandIo): Promise<ExitCode> {
  const parsed = await parseWords(words, wrapOptions);
  if (parsed.kind === "issues") return refuse(parsed.issues, io);
  const { values } = parsed;
  const information = await informationAskedFor(values);
  if (information !== undefined) {
    io.writeOutput(information);
    return exitCode.done;
  }
  const checked = readEnvironment(io.variables);
  const issues = [...(checked.kind === "issues" ? checked.issues : []), ...contradictions(values)];
  if (checked.kind === "issues" || issues.length > 0) return refuse(issues, io);
  return wrap(values, checked.environment, io);
}

function wrap(values: WrapValues, environment: Environment, io: CommandIo): ExitCode {
  const outcome = run(wrapRequest(values, environment, io.workingDirectory));
  const rendered = renderOutcome(outcome, {
    ...streamStyle(environment, io),
    verbosity: verbosityOf(values, environment),
  });
  io.writeError(rendered.stderr);
  io.writeOutput(values.json ? renderJson(outcome) : rendered.stdout);
  return exitCodeOf(outcome);
}

async function informationAskedFor(values: WrapValues): Promise<string | undefined> {
  if (values.help) return helpText(usage, summary, wrapOptions, commands.slice(1));
  if (values.version) return `${version}\n`;
  if (values.completion !== undefined) return completionScript(values.completion, wrapOptions, commands.slice(1));
  if (!values["json-schema"]) return undefined;
  const { reportJsonSchema } = await import("../report/schema.ts");
  return `${JSON.stringify(reportJsonSchema(), undefined, 2)}\n`;
}

function contradictions(values: WrapValues): readonly UsageIssue[] {
  const issues: UsageIssue[] = [];
  if (values.paths.length === 0) issues.push({ kind: "no-paths" });
  if (values.quiet && values.verbose > 0)
    issues.push({ kind: "conflicting-options", options: ["--quiet", "--verbose"] });
  return issues;
}
