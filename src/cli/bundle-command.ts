// The command that bundles: words in, report out.

import { resolve } from "node:path";
import { bundle } from "../commands/bundle/bundle.ts";
import { renderBundleJson } from "../commands/bundle/bundle-json.ts";
import type { BundleRequest } from "../commands/bundle/bundle-request.ts";
import { renderBundleReport, summaryOf } from "../commands/bundle/bundle-text.ts";
import { wrapDefaults } from "../planning/wrap-request.ts";
import { reportFinished } from "../report/bug.ts";
import { type ExitCode, exitCodeOf } from "../report/exit-code.ts";
import { builtInInterpreters, type Environment, recordedInterpreters } from "./machine/environment.ts";
import { machineDefaults, withMachineDefaults } from "./machine/machine-defaults.ts";
import type { bundleOptions } from "./options/bundle-options.ts";
import type { OptionValues } from "./options/option-spec.ts";
import { withoutDryRun } from "./output/dry-run.ts";
import type { CommandCall } from "./output/io.ts";
import { refuse, streamStyle } from "./output/streams.ts";
import { verbosityOf } from "./output/verbosity.ts";
import { version } from "./version.ts";
import { libraryDirectoriesOf, originsOf } from "./wrap-words.ts";

type BundleValues = OptionValues<typeof bundleOptions>;

/** Runs the command; every outcome is worded on the two streams. */
export function runBundle(values: BundleValues, environment: Environment, io: CommandCall): ExitCode {
  const { output } = values;
  if (output === undefined) return refuse([{ kind: "option-missing", option: "output" }], io);
  if (values.strict && values["trace-run"] === undefined) {
    return refuse([{ kind: "option-missing", option: "trace-run", wantedBy: "strict" }], io);
  }
  const report = bundle(bundleRequest({ ...values, output }, environment, io), io.workingDirectory);
  const style = {
    ...streamStyle(environment, io),
    verbosity: verbosityOf(values, environment),
    toDoIt: withoutDryRun(io.words),
  };
  const rendered = reportFinished(
    () => {
      const text = renderBundleReport(report, style);
      return values.json ? { ...text, stdout: renderBundleJson(report) } : text;
    },
    { summary: summaryOf(report, style.context), issues: report.issues },
    version,
  );
  io.writeError(rendered.stderr);
  io.writeOutput(rendered.stdout);
  return exitCodeOf(report);
}

function bundleRequest(
  values: BundleValues & { readonly output: string },
  environment: Environment,
  { workingDirectory, variables }: CommandCall,
): BundleRequest {
  const absolute = (path: string): string => resolve(workingDirectory, path);
  const interpreters = values.interpreter.map(absolute);
  const builtIn = interpreters.length > 0 ? [] : builtInInterpreters();
  const recorded = interpreters.length > 0 ? [] : recordedInterpreters(environment);
  const asked = {
    ...wrapDefaults,
    paths: values.paths.map(absolute),
    interpreters,
    fallbackInterpreters: [...builtIn, ...recorded],
    builtInInterpreters: builtIn,
    interpreterOrigins: originsOf({ bintools: recorded, "built-in": builtIn }),
  };
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
    strict: values.strict,
    ...(traceRun === undefined ? {} : { traceRun }),
    dryRun: values["dry-run"],
  };
}
