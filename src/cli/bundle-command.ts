// The command that bundles: words in, report out.

import { absolutePath } from "../base/real-path.ts";
import { bundle } from "../commands/bundle/bundle.ts";
import { renderBundleJson } from "../commands/bundle/bundle-json.ts";
import type { BundleRequest } from "../commands/bundle/bundle-request.ts";
import { renderBundleReport, summaryOf } from "../commands/bundle/bundle-text.ts";
import { here } from "../commands/bundle/make/launcher.ts";
import { wrapDefaults } from "../planning/wrap-request.ts";
import type { ReportContext } from "../report/context.ts";
import { type ExitCode, exitCodeOf } from "../report/exit-code.ts";
import type { RenderOptions } from "../report/render.ts";
import type { Environment } from "./machine/environment.ts";
import { machineDefaults, withMachineDefaults } from "./machine/machine-defaults.ts";
import type { bundleOptions } from "./options/bundle-options.ts";
import type { OptionValues } from "./options/option-spec.ts";
import type { UsageIssue } from "./options/usage-message.ts";
import type { CommandCall } from "./output/io.ts";
import { refuse } from "./output/streams.ts";
import { writeReport } from "./output/write-report.ts";
import { interpretersOf, libraryDirectoriesOf } from "./wrap-words.ts";

type BundleValues = OptionValues<typeof bundleOptions>;

/** Runs the command; every outcome is worded on the two streams. */
export function runBundle(values: BundleValues, environment: Environment, io: CommandCall): ExitCode {
  const { output } = values;
  const refused = (issues: readonly UsageIssue[]): ExitCode => refuse(issues, io, "bundle");
  if (output === undefined) return refused([{ kind: "option-missing", option: "output", placeholder: "DIR" }]);
  if (values.strict && values["trace-run"] === undefined) {
    return refused([{ kind: "option-missing", option: "trace-run", placeholder: "CMD", wantedBy: "strict" }]);
  }
  const bad = (words: readonly string[], option: string, expected: string) =>
    words
      .filter((word) => !isAssignment(word))
      .map((value) => ({ kind: "bad-value", option, value, expected: [expected] }) as const);
  const badWords = [...bad(values.set, "--set", "NAME=VALUE"), ...bad(values.arg, "--arg", "NAME=WORD")];
  if (badWords.length > 0) return refused(badWords);
  const report = bundle(bundleRequest({ ...values, output }, environment, io), io.workingDirectory);
  const words = {
    text: (options: RenderOptions) => renderBundleReport(report, options),
    json: () => renderBundleJson(report),
    finished: (context: ReportContext) => ({ summary: summaryOf(report, context), issues: report.issues }),
  };
  writeReport(words, values, environment, io);
  return exitCodeOf(report);
}

/** Without the byte that stands for a launcher's directory (native/launcher/launcher.c). */
function isAssignment(word: string): boolean {
  return word.indexOf("=") > 0 && !word.includes(here);
}

function assigned(words: readonly string[]): BundleRequest["variables"] {
  return words.map((word) => ({ name: word.slice(0, word.indexOf("=")), value: word.slice(word.indexOf("=") + 1) }));
}

/** Of a variable that is given twice the last value counts. */
function lastOfEach(variables: BundleRequest["variables"]): BundleRequest["variables"] {
  return [...new Map(variables.map((variable) => [variable.name, variable])).values()];
}

function bundleRequest(
  values: BundleValues & { readonly output: string },
  environment: Environment,
  { workingDirectory, variables }: CommandCall,
): BundleRequest {
  const absolute = (path: string): string => absolutePath(workingDirectory, path);
  const interpreters = values.interpreter.map(absolute);
  const asked = { ...wrapDefaults, paths: values.paths.map(absolute), ...interpretersOf(interpreters, environment) };
  const offered = values.defaults
    ? withMachineDefaults(asked, machineDefaults(variables, environment.storeDirectory))
    : asked;
  const traceRun = values["trace-run"];
  return {
    programs: asked.paths,
    output: absolute(values.output),
    format: values.format,
    libraryDirectories: values.libs.map(absolute).flatMap(libraryDirectoriesOf),
    interpreters,
    fallbackInterpreters: offered.fallbackInterpreters,
    interpreterOrigins: offered.interpreterOrigins,
    fallbackLibraryDirectories: offered.fallbackLibraryDirectories,
    ignoreMissing: values["ignore-missing"],
    storeDirectory: environment.storeDirectory,
    variables: lastOfEach(assigned(values.set)),
    arguments: assigned(values.arg),
    strict: values.strict,
    ...(traceRun === undefined ? {} : { traceRun }),
    isSynced: !environment.isNixBuild,
    dryRun: values["dry-run"],
  };
}
