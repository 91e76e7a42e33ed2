// bin/: a link to each program, or a launcher, where something has to be said to it that only its new place tells.

import { baseName, directoryOf, joinPath, relativePath } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import type { BundleIssue } from "../bundle-issue.ts";
import type { ReportedProgram } from "../bundle-report.ts";
import type { Collection } from "../collect/collect.ts";
import type { BundleEntry } from "../collect/collected.ts";
import type { GivenProgram } from "../collect/given-programs.ts";
import { placeOf } from "../collect/layout.ts";
import type { BundledScript } from "../collect/scripts.ts";
import type { Wrapper } from "../collect/wrapper.ts";
import { isOfMachine } from "../escapes/find-escapes.ts";
import { type Called, here, launcherFor } from "./launcher.ts";
import type { ToldPlaces } from "./told-places.ts";
import { cLibraryVariables, movedText, placedText } from "./variables.ts";

/** The folder of programs in a bundle. */
const binName = "bin";

export interface ProgramFiles {
  readonly entries: readonly BundleEntry[];
  readonly programs: readonly ReportedProgram[];
  readonly issues: readonly BundleIssue[];
}

/** What is known when bin/ is made. */
export interface LayingOut {
  readonly collection: Collection;
  readonly told: ToldPlaces;
}

/** Of two programs of one name the one that the request names counts; two that it names are an error. */
export function layOutPrograms(layingOut: LayingOut): ProgramFiles {
  const { collection } = layingOut;
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
    entries: programs.map((program) => entryFor(program, layingOut)),
    programs: programs.map((program) => reported(program, collection)),
    issues: [...issues, ...valueIssues(collection)],
  };
}

/** Values that name what is not in the bundle, and arguments for what is no program of it. */
function valueIssues({ variables, arguments: added, layout, programs }: Collection): readonly BundleIssue[] {
  const outside = (value: string): readonly string[] =>
    placedText(value, layout, () => "").outside.filter((path) => !isOfMachine(path));
  const names = programs.map(({ name }) => name);
  return [
    ...variables.flatMap(({ name: variable, value }) =>
      outside(value).map((path) => ({ kind: "variable-names-outside", variable, path }) as const),
    ),
    ...added.flatMap(({ name: program, value }): readonly BundleIssue[] =>
      names.includes(program)
        ? outside(value).map((path) => ({ kind: "argument-names-outside", program, path }))
        : [{ kind: "argument-without-program", program, programs: names }],
    ),
  ];
}

function entryFor({ name, path, realPath }: GivenProgram, layingOut: LayingOut): BundleEntry {
  const place = joinPath(binName, name);
  const asked = layingOut.collection.arguments.flatMap((one) => (one.name === name ? [one.value] : []));
  const isWrapper = layingOut.collection.wrappers.has(realPath);
  const bytes = isWrapper ? undefined : launcherOf({ path, realPath }, asked, binName, layingOut);
  if (bytes !== undefined) return { kind: "made", place, bytes, isExecutable: true };
  return { kind: "link", place, target: relativePath(binName, placeOf(path)) };
}

/** A file's entry, or the launcher or the list that takes its place. */
export function inItsPlace(entry: BundleEntry, layingOut: LayingOut): BundleEntry {
  if (entry.kind !== "file") return entry;
  const { wrappers, moduleLists, programs, arguments: added } = layingOut.collection;
  const list = moduleLists.get(entry.from);
  if (list !== undefined) return { kind: "made", place: entry.place, bytes: list.bytes, isExecutable: false };
  const wrapper = wrappers.get(entry.from);
  if (wrapper === undefined) return entry;
  const target = { path: wrapper.target, realPath: realPathOf(wrapper.target) ?? wrapper.target };
  const names = programs.flatMap(({ name, realPath }) => (realPath === entry.from ? [name] : []));
  const asked = added.flatMap(({ name, value }) => (names.includes(name) ? [value] : []));
  const bytes = launcherOf(target, asked, directoryOf(entry.place), layingOut, { ...wrapper, path: entry.from });
  return bytes === undefined ? entry : { kind: "made", place: entry.place, bytes, isExecutable: true };
}

/**
 * Undefined where nothing has to be said to the program: a link does. `asked`: arguments that the request has for it. `from`:
 * the directory of the launcher.
 */
function launcherOf(
  { path, realPath }: Pick<GivenProgram, "path" | "realPath">,
  asked: readonly string[],
  from: string,
  { collection, told }: LayingOut,
  wrapper?: Wrapper & { readonly path: string },
): Uint8Array | undefined {
  const { scripts, executables, layout, storeDirectory, variables } = collection;
  const below = (target: string): string => here + relativePath(from, placeOf(target));
  const moved = (text: string): string => movedText(text, storeDirectory, below, layout);
  const placed = (text: string): string => placedText(text, layout, below).text;
  const script = scripts.bundled.get(realPath);
  const executable = executables.find((one) => one.path === (script?.realInterpreter ?? realPath));
  const known = executable === undefined ? undefined : told.of(executable.path);
  const own = [
    ...[...variables, ...(known?.variables ?? [])].map(
      ({ name, value }) => ({ does: "set-default", name, value: placed(value) }) as const,
    ),
    ...(executable === undefined ? [] : cLibraryVariables(executable, below, collection)),
  ];
  // What a script is given is not for its interpreter, of which something is known.
  const added = [...(script === undefined ? (known?.arguments ?? []) : []), ...asked].map(placed);
  if (wrapper === undefined && script === undefined && own.length === 0 && added.length === 0) return undefined;
  const changes = (wrapper?.variables ?? []).map((change) =>
    change.does === "unset" ? change : { ...change, value: moved(change.value) },
  );
  return launcherFor(wrapper?.path ?? script?.realInterpreter ?? realPath, {
    program: below(placedAt(script?.interpreter ?? path)),
    variables: [...changes, ...own],
    called: calledBy(path, script, wrapper, { below, moved }),
    before: [
      ...(script?.interpreterArguments ?? []).map((one) => (typeof one === "string" ? one : below(placedAt(one.path)))),
      ...(script === undefined ? [] : [below(path)]),
      ...(wrapper?.arguments ?? []).map(moved),
      ...added,
    ],
    after: [],
  });
}

/** By the path where they lie Python and cmake find their modules, gcc the compiler itself. */
function calledBy(
  path: string,
  script: BundledScript | undefined,
  wrapper: Wrapper | undefined,
  { below, moved }: { readonly below: (path: string) => string; readonly moved: (text: string) => string },
): Called {
  if (script !== undefined) return { kind: "given", text: below(placedAt(script.interpreter)) };
  if (wrapper === undefined) return { kind: "placed", path: below(placedAt(path)) };
  return wrapper.called.kind === "given" ? { kind: "given", text: moved(wrapper.called.text) } : wrapper.called;
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
