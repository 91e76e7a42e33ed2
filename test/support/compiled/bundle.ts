// A package as vendors ship them, in a store of its own: programs and libraries compiled from C, put wherever a test wants
// them, wrapped by the command line and started in a root that holds only the store.

import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { type Ran, runInStore, type SandboxOptions, wrapBuddy } from "../roots/sandbox.ts";
import { addGlibc, createStore, hostPath, type InstalledGlibc, packagePath, type Store } from "../roots/store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

export interface Made {
  readonly code: string;
  /** Libraries made before, by the paths that `library` gave: each becomes a needed entry with its soname. */
  readonly needs?: readonly string[];
  /** DT_SONAME; the file name without one. */
  readonly soname?: string;
  /** Further arguments of gcc. */
  readonly flags?: readonly string[];
}

export interface Bundle {
  readonly store: Store;
  readonly glibc: InstalledGlibc;
  /** The package's path in the store. */
  readonly root: string;
  /** A shared library at a path below the package, or at an absolute one in the store; returns its path in the store. */
  library(path: string, made: Made): Promise<string>;
  /** An executable, likewise. It names an interpreter that no sandbox has. */
  executable(path: string, made: Made): Promise<string>;
  text(path: string, content: string): string;
  /** A copy of a file of this machine. */
  copy(path: string, file: string): string;
  link(path: string, target: string): string;
  /** Wraps the package, or what `paths` names, with further arguments. */
  wrap(args?: readonly string[], paths?: readonly string[]): Promise<Ran>;
  start(path: string, options?: SandboxOptions): Promise<Ran>;
  /** Starts a program by the dynamic linker and with its C library: what the program finds without being wrapped. */
  startByLinker(path: string): Promise<Ran>;
}

/** Puts needed entries there even if nothing is used of them, and leaves what libraries need to the dynamic linker. */
const linking = ["-Wl,--no-as-needed", "-Wl,--unresolved-symbols=ignore-in-shared-libs"];

export function createBundle(): Bundle {
  const store = createStore();
  const glibc = addGlibc(store);
  const root = packagePath("bundle");
  mkdirSync(hostPath(store, root), { recursive: true });
  const sources = temporaryDirectory();
  const inStore = (path: string): string => (path.startsWith("/") ? path : `${root}/${path}`);

  function place(path: string): { readonly path: string; readonly file: string } {
    const file = hostPath(store, inStore(path));
    mkdirSync(dirname(file), { recursive: true });
    return { path: inStore(path), file };
  }

  async function make(path: string, { code, needs = [], flags = [] }: Made, kind: readonly string[]): Promise<string> {
    const placed = place(path);
    const source = join(sources, `${basename(path)}.c`);
    writeFileSync(source, code);
    const libraries = needs.map((library) => hostPath(store, library));
    await execa("gcc", ["-O1", "-w", ...kind, ...linking, "-o", placed.file, source, ...libraries, ...flags]);
    return placed.path;
  }

  return {
    store,
    glibc,
    root,
    library: (path, made) => make(path, made, ["-shared", "-fPIC", `-Wl,-soname,${made.soname ?? basename(path)}`]),
    executable: (path, made) => make(path, made, ["-Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2"]),
    text(path, content) {
      const placed = place(path);
      writeFileSync(placed.file, content);
      return placed.path;
    },
    copy(path, file) {
      const placed = place(path);
      copyFileSync(file, placed.file);
      return placed.path;
    },
    link(path, target) {
      const placed = place(path);
      symlinkSync(target, placed.file);
      return placed.path;
    },
    wrap: (args = [], paths = [root]) =>
      wrapBuddy(store, ["--paths", ...paths, "--interpreter", glibc.interpreter, ...args]),
    start: (path, options) => runInStore(store, [path], options),
    startByLinker: (path) => runInStore(store, [glibc.interpreter, "--library-path", glibc.directory, path]),
  };
}
