// bin/: a link to each program, or a launcher, where something has to be said to it that only its new place tells.

import { baseName, directoryOf, joinPath, relativePath } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import type { BundleIssue } from "../bundle-issue.ts";
import type { ReportedProgram } from "../bundle-report.ts";
import type { Collection } from "../collect/collect.ts";
import type { BundleEntry } from "../collect/collected.ts";
import type { GivenProgram } from "../collect/given-programs.ts";
import { placeOf } from "../collect/layout.ts";
import type { Wrapper } from "../collect/wrapper.ts";
import { isOfMachine } from "../escapes/find-escapes.ts";
import { here, launcherFor } from "./launcher.ts";
import { cLibraryVariables, movedText, placedText } from "./variables.ts";

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
    issues: [...issues, ...variableIssues(collection)],
  };
}

function variableIssues({ variables, layout }: Collection): readonly BundleIssue[] {
  return variables.flatMap(({ name: variable, value }) =>
    placedText(value, layout, () => "")
      .outside.filter((path) => !isOfMachine(path))
      .map((path) => ({ kind: "variable-names-outside", variable, path }) as const),
  );
}

function entryFor({ name, path, realPath }: GivenProgram, collection: Collection): BundleEntry {
  const place = joinPath(binName, name);
  const bytes = collection.wrappers.has(realPath) ? undefined : launcherOf({ path, realPath }, binName, collection);
  if (bytes !== undefined) return { kind: "made", place, bytes, isExecutable: true };
  return { kind: "link", place, target: relativePath(binName, placeOf(path)) };
}

/** A file's entry, or the launcher that takes its place. */
export function inItsPlace(entry: BundleEntry, collection: Collection): BundleEntry {
  const wrapper = entry.kind === "file" ? collection.wrappers.get(entry.from) : undefined;
  if (wrapper === undefined || entry.kind !== "file") return entry;
  const target = { path: wrapper.target, realPath: realPathOf(wrapper.target) ?? wrapper.target };
  const bytes = launcherOf(target, directoryOf(entry.place), collection, { ...wrapper, path: entry.from });
  return bytes === undefined ? entry : { kind: "made", place: entry.place, bytes, isExecutable: true };
}

/** Undefined where nothing has to be said to the program: a link does. `from`: the directory of the launcher. */
function launcherOf(
  { path, realPath }: Pick<GivenProgram, "path" | "realPath">,
  from: string,
  collection: Collection,
  wrapper?: Wrapper & { readonly path: string },
): Uint8Array | undefined {
  const { scripts, executables, layout, storeDirectory, variables } = collection;
  const below = (target: string): string => here + relativePath(from, placeOf(target));
  const moved = (text: string): string => movedText(text, storeDirectory, below, layout);
  const script = scripts.bundled.get(realPath);
  const executable = executables.find((one) => one.path === (script?.realInterpreter ?? realPath));
  const own = [
    ...variables.map(
      ({ name, value }) => ({ does: "set-default", name, value: placedText(value, layout, below).text }) as const,
    ),
    ...(executable === undefined ? [] : cLibraryVariables(executable, below, collection)),
  ];
  if (wrapper === undefined && script === undefined && own.length === 0) return undefined;
  const changes = (wrapper?.variables ?? []).map((change) =>
    change.does === "unset" ? change : { ...change, value: moved(change.value) },
  );
  const name = wrapper === undefined || wrapper.name === "own" ? wrapper?.name : moved(wrapper.name);
  return launcherFor(wrapper?.path ?? script?.realInterpreter ?? realPath, {
    program: below(placedAt(script?.interpreter ?? path)),
    variables: [...changes, ...own],
    // By it Python finds its modules.
    name: script === undefined ? name : below(placedAt(script.interpreter)),
    before: [
      ...(script?.interpreterArguments ?? []).map((one) => (typeof one === "string" ? one : below(placedAt(one.path)))),
      ...(script === undefined ? [] : [below(path)]),
      ...(wrapper?.arguments ?? []).map(moved),
    ],
    after: [],
  });
}

/** A path as the layout has it: links in front of the name resolved. */
function placedAt(path: string): string {
  const directory = directoryOf(path);
  return joinPath(realPathOf(directory) ?? directory, baseName(path));
}

function reported({ name, path, realPath, isTakenAlone }: GivenProgram, collection: Collection): ReportedProgram {
  const wrapper = collection.wrappers.get(realPath);
  if (wrapper !== undefined) return { name, kind: "wrapper", path, interpreter: wrapper.target };
  const script = collection.scripts.bundled.get(realPath);
  if (script !== undefined) return { name, kind: "script", path, interpreter: script.interpreter };
  const executable = collection.executables.find((one) => one.path === realPath);
  if (executable !== undefined) return { name, kind: "executable", path, interpreter: executable.interpreter.path };
  if (collection.scripts.paths.has(realPath)) return { name, kind: "other", path };
  return { name, kind: isTakenAlone ? "alone" : "static", path };
}
