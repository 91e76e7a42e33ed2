// The load of one file on paper, as `inspect` shows it, and what is wrong with it.

import { directoryOf } from "../../base/path.ts";
import { answerNotes } from "../../linker/load/dlopen-want.ts";
import { type Lookup, simulateLoad } from "../../linker/load/load-order.ts";
import type { LibraryIndex } from "../../linker/search/library-index.ts";
import { nativeSearch } from "../../linker/search/native-search.ts";
import { issuesOf } from "../../linker/solve/issues-of-load.ts";
import type { LibraryIssue } from "../../linker/solve/library-issue.ts";
import type { LibrarySettings } from "../../linker/solve/library-settings.ts";
import type { InspectedLoad, OpenedLater } from "./inspected-load-facts.ts";
import type { Installed } from "./installed.ts";
import { inspectObjects, missingLookups, missingObject } from "./load-tree.ts";
import { readRunPath } from "./reference.ts";

/** What has to be known besides the file. */
export interface LoadContext extends Pick<LibrarySettings, "ignoreMissing"> {
  readonly index: LibraryIndex;
  /** The directories of the request, without symlinks. */
  readonly trees: readonly string[];
}

/** The load, and the issues that can be read off it alone. */
export function inspectLoad(
  { view, program, interpreter, added }: Installed,
  { index, trees, ignoreMissing }: LoadContext,
): { readonly load: InspectedLoad; readonly issues: readonly LibraryIssue[] } {
  const { facts, origin } = program;
  const search = nativeSearch({ index, interpreter }, program.header);
  const load = simulateLoad(program, interpreter, search);
  const notes = answerNotes(load, search, [...trees, directoryOf(program.path)]);
  const runPath = readRunPath(facts.runpath ?? facts.rpath ?? "", { index, origin, interpreter });
  const directories = [...runPath.flatMap(({ path }) => path ?? []), ...interpreter.defaultDirectories];
  const missing = missingLookups(load, added);
  const issues = issuesOf(
    {
      program,
      versionNeeds: program.facts.versionNeeds,
      load,
      intendedLoad: load,
      decisions: [],
      notes,
      places: { having: () => [], lists: () => [directories], ofMachine: [] },
    },
    { index, interpreter, ignoreMissing },
  );
  return {
    load: {
      view,
      interpreter: interpreter.path,
      cLibrary: interpreter.cLibrary,
      runPathTag: facts.runpath !== undefined ? "runpath" : facts.rpath !== undefined ? "rpath" : undefined,
      runPath,
      objects: inspectObjects(load, added),
      missing: missing.map(missingObject),
      opened: notes.map(openedLater),
    },
    issues: issues.filter((issue) => !repeats(issue)),
  };

  /** Told already, by the pinned path that the name stands after. */
  function repeats(issue: LibraryIssue): boolean {
    if (issue.kind !== "missing-library") return false;
    const isThis = ({ name, by }: Lookup) => name === issue.name && by.path === issue.neededBy;
    return load.lookups.some(isThis) && !missing.some(isThis);
  }
}

function openedLater({ by, note, path }: ReturnType<typeof answerNotes>[number]): OpenedLater {
  const { sonames, priority, feature, description } = note;
  return { by: by.path, alternatives: sonames, priority, feature, description, path };
}
