// bin/: a link to each program, or a launcher, where something has to be said to it that only its new place tells.

import { joinPath, relativePath } from "../../base/path.ts";
import type { BundleIssue } from "./bundle-issue.ts";
import type { ReportedProgram } from "./bundle-report.ts";
import type { Collection } from "./collect.ts";
import type { BundleEntry } from "./collected.ts";
import type { GivenProgram } from "./given-programs.ts";
import { here, launcherFor } from "./launcher.ts";
import { placeOf } from "./layout.ts";

/** The folder of programs in a bundle. */
const binName = "bin";

export interface ProgramFiles {
  readonly entries: readonly BundleEntry[];
  readonly programs: readonly ReportedProgram[];
  readonly issues: readonly BundleIssue[];
}

/** Of two programs of one name the one that the request names counts; two that it names are an error. */
export function layOutPrograms(collection: Collection): ProgramFiles {
  const named = new Map<string, GivenProgram>();
  const issues: BundleIssue[] = [];
  for (const program of [...collection.programs].sort((a, b) => Number(b.isNamed) - Number(a.isNamed))) {
    const other = named.get(program.name);
    if (other === undefined) named.set(program.name, program);
    else if (program.isNamed && other.realPath !== program.realPath) {
      issues.push({ kind: "name-taken", path: program.path, other: other.path, name: program.name });
    }
  }
  const programs = [...named.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    entries: programs.map((program) => entryFor(program, collection)),
    programs: programs.map((program) => reported(program, collection)),
    issues,
  };
}

function entryFor({ name, path, realPath }: GivenProgram, collection: Collection): BundleEntry {
  const place = joinPath(binName, name);
  const below = (target: string): string => relativePath(binName, placeOf(target));
  const script = collection.scripts.bundled.get(realPath);
  const executable = collection.executables.find((one) => one.path === (script?.realInterpreter ?? realPath));
  const { characterSets } = collection;
  const modules = executable && (characterSets.get(executable.path) ?? characterSets.get(executable.interpreter.path));
  const bytes =
    executable === undefined || (script === undefined && modules === undefined)
      ? undefined
      : launcherFor(executable.path, {
          program: here + below(script?.interpreter ?? path),
          name: script?.interpreter,
          before: script === undefined ? [] : [...script.interpreterArguments, here + below(path)],
          after: [],
          variables:
            modules === undefined ? [] : [{ does: "set-default", name: "GCONV_PATH", value: here + below(modules) }],
        });
  if (bytes !== undefined) return { kind: "made", place, bytes, isExecutable: true };
  return { kind: "link", place, target: below(path) };
}

function reported({ name, path, realPath }: GivenProgram, collection: Collection): ReportedProgram {
  const script = collection.scripts.bundled.get(realPath);
  if (script !== undefined) return { name, kind: "script", path, interpreter: script.interpreter };
  const executable = collection.executables.find((one) => one.path === realPath);
  if (executable !== undefined) return { name, kind: "executable", path, interpreter: executable.interpreter.path };
  return { name, kind: collection.scripts.paths.has(realPath) ? "other" : "static", path };
}
