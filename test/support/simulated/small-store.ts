// A store with a C library of its own, and the resolver's context over it, for tests of what is resolved to what.

import type { Interpreter } from "../../../src/linker/interpreter/interpreter.ts";
import { loadInterpreter } from "../../../src/linker/interpreter/load-interpreter.ts";
import type { LibraryIssue } from "../../../src/linker/solve/library-issue.ts";
import { libraryDefaults } from "../../../src/linker/solve/library-settings.ts";
import type { Resolution } from "../../../src/linker/solve/resolution.ts";
import { createLibraryIndex, type ResolveContext, resolve } from "../../../src/linker/solve/resolve.ts";
import type { ElfSpec } from "../elf/elf-builder.ts";
import { createLibraryTree, type LibraryTree } from "./library-tree.ts";
import { readElf } from "./simulate.ts";

export interface SmallStore extends LibraryTree {
  /** Directory of the interpreter and its libc.so.6, libm.so.6 and libgcc_s.so.1. */
  readonly glibc: string;
  /** Resolves the executable; the tree "bundle" is what is being patched unless `changes` says otherwise. */
  resolve(executable: string, changes?: Partial<ResolveContext>): Resolution;
  /** The linker at a path below the root, as one in the store. */
  interpreter(path: string): Interpreter;
  /** The same context as `resolve` has. */
  context(changes?: Partial<ResolveContext>): ResolveContext;
}

const interpreterSpec: ElfSpec = {
  interpreter: null,
  symbols: [{ name: "_r_debug", value: 0x10n }],
  versionDefinitions: ["ld-linux-x86-64.so.2", "GLIBC_2.2.5"],
};

/**
 * Makes "glibc/lib" with a linker that searches its own directory only, as one built by Nix does. Everything is below
 * the tree's root, which is the store directory.
 */
export function createSmallStore(): SmallStore {
  const tree = createLibraryTree();
  const glibc = tree.at("glibc/lib");
  tree.library("glibc/lib/ld-linux-x86-64.so.2", interpreterSpec);
  tree.library("glibc/lib/libc.so.6", {
    needed: ["ld-linux-x86-64.so.2"],
    versionDefinitions: ["libc.so.6", "GLIBC_2.2.5", "GLIBC_2.34", "GLIBC_2.36"],
  });
  tree.library("glibc/lib/libm.so.6", { needed: ["libc.so.6"] });
  tree.library("glibc/lib/libgcc_s.so.1", { needed: ["libc.so.6"] });
  tree.directory("bundle");

  function interpreter(path: string): Interpreter {
    const loaded = loadInterpreter(tree.at(path), tree.root);
    if (loaded.kind !== "loaded") throw new Error(loaded.problem);
    return loaded.interpreter;
  }

  function context(changes: Partial<ResolveContext> = {}): ResolveContext {
    return {
      ...libraryDefaults,
      index: createLibraryIndex(),
      interpreter: interpreter("glibc/lib/ld-linux-x86-64.so.2"),
      trees: [tree.at("bundle")],
      bundledLibraries: [],
      packageOf: () => "",
      pin: false,
      storeDirectory: tree.root,
      ...changes,
    };
  }

  return {
    ...tree,
    glibc,
    interpreter,
    context,
    resolve: (executable, changes) => resolve(readElf(executable), executable, context(changes)),
  };
}

/** The issues of one kind. */
export function issuesOfKind<Kind extends LibraryIssue["kind"]>(
  resolution: Resolution,
  kind: Kind,
): readonly Extract<LibraryIssue, { kind: Kind }>[] {
  const { issues, plugInIssues } = resolution;
  return [...issues, ...plugInIssues].filter(
    (issue): issue is Extract<LibraryIssue, { kind: Kind }> => issue.kind === kind,
  );
}

/** Paths of the load order, the executable left out. */
export function loadedPaths(resolution: Resolution): readonly string[] {
  return resolution.loadOrder.slice(1).map(({ path }) => path);
}
