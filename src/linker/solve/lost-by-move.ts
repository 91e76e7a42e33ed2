// What an executable does not find any more when the store is moved: found on paper, by a load in the new place.

import { isInside } from "../../base/path.ts";
import { type Load, type Program, simulateLoad } from "../load/load-order.ts";
import { movedIndex, movedPath, movesWithStore, pathBeforeMove } from "../search/moved-store.ts";
import { nativeSearch } from "../search/native-search.ts";
import type { LibraryIssue } from "./library-issue.ts";
import type { ResolveContext } from "./resolve-context.ts";

/**
 * The names that `load`, of `program` as it will be installed, finds in the store, and that it would not find, or find
 * elsewhere, in a copy of the store without the old one.
 */
export function lostByMove(program: Program, load: Load, context: ResolveContext): readonly LibraryIssue[] {
  const { storeDirectory, interpreter } = context;
  if (!movesWithStore(program.origin, context)) return [];
  const moved: Program = { ...program, path: movedPath(program.path), origin: movedPath(program.origin) };
  const linker = {
    ...interpreter,
    defaultDirectories: interpreter.defaultDirectories.filter((directory) => !isInside(directory, storeDirectory)),
  };
  const search = nativeSearch({ index: movedIndex(context), interpreter: linker }, program.header);
  const found = new Map<string, { readonly fileId: string | undefined; readonly path: string }>();
  for (const { name, target } of load.lookups) if (target !== undefined && target !== "kernel") found.set(name, target);
  const lost = new Map<string, LibraryIssue>();
  for (const { name, by, target } of simulateLoad(moved, linker, search).lookups) {
    const before = found.get(name);
    if (before === undefined || target === "kernel" || before.fileId === target?.fileId) continue;
    const neededBy = pathBeforeMove(by.path);
    lost.set(`${name}\0${neededBy}`, {
      kind: "lost-by-move",
      severity: "error",
      executable: program.path,
      name,
      neededBy,
      path: before.path,
    });
  }
  return [...lost.values()];
}
