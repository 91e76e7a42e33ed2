// What a NixOS machine has of its own for foreign programs: a dynamic linker and libraries, for what is not given. In a
// Nix build none of this counts: there the result must not depend on who runs node.

import { isAbsolute } from "node:path";
import { isDirectory } from "../../base/directory-entries.ts";
import { isInside } from "../../base/path.ts";
import { readElfFile } from "../../files/read-file.ts";
import type { WrapRequest } from "../../planning/wrap-request.ts";
import { originsOf } from "../wrap-words.ts";
import { isNixBuild } from "./nix-build.ts";

/** What a machine offers; of a linker that is not there the run takes the next. */
export interface MachineDefaults {
  /** $NIX_LD. */
  readonly linker: string | undefined;
  /** What node was linked with. */
  readonly nodeLinker: string | undefined;
  /** Best first, absolute. */
  readonly libraryDirectories: readonly string[];
}

/**
 * $NIX_LD and $NIX_LD_LIBRARY_PATH, which programs.nix-ld of NixOS sets, and what the running node was linked with when
 * that lies in the store: its interpreter and its run path have libstdc++, libgcc_s, zlib and openssl.
 * Source: nix-ld's README.md, "How does nix-ld work"; proc(5), /proc/pid/exe.
 */
export function machineDefaults(
  variables: Readonly<Record<string, string | undefined>>,
  storeDirectory: string,
  node = "/proc/self/exe",
): MachineDefaults {
  if (isNixBuild(variables)) {
    return { linker: undefined, nodeLinker: undefined, libraryDirectories: [] };
  }
  const read = readElfFile(node, (elf) => {
    const dynamic = elf.dynamic();
    return { interpreter: elf.interpreter(), runPath: dynamic?.runpath ?? dynamic?.rpath ?? "" };
  });
  const inStore = (path: string): boolean => isInside(path, storeDirectory);
  const { interpreter, runPath } = read.kind === "read" ? read.result : { interpreter: undefined, runPath: "" };
  const isOfStore = interpreter !== undefined && inStore(interpreter);
  const linker = variables["NIX_LD"] ?? "";
  const listed = (variables["NIX_LD_LIBRARY_PATH"] ?? "").split(":").filter((path) => isAbsolute(path));
  return {
    linker: isAbsolute(linker) ? linker : undefined,
    nodeLinker: isOfStore ? interpreter : undefined,
    libraryDirectories: existingDirectories([...(isOfStore ? runPath.split(":").filter(inStore) : []), ...listed]),
  };
}

/**
 * `request` with what the machine offers: dynamic linkers after those that are built in, $NIX_LD's before and node's
 * after those of $NIX_BINTOOLS, unless one was given; libraries after all others.
 */
export function withMachineDefaults(
  request: WrapRequest,
  { linker, nodeLinker, libraryDirectories }: MachineDefaults,
): WrapRequest {
  const { builtInInterpreters: builtIn, fallbackInterpreters, fallbackLibraryDirectories } = request;
  const others = fallbackInterpreters.filter((path) => !builtIn.includes(path));
  const all = [...builtIn, linker, ...others, nodeLinker].filter((path) => path !== undefined);
  return {
    ...request,
    fallbackInterpreters: request.interpreters.length > 0 ? fallbackInterpreters : [...new Set(all)],
    interpreterOrigins: new Map([
      ...originsOf({ node: listOf(nodeLinker) }),
      ...request.interpreterOrigins,
      ...originsOf({ "nix-ld": listOf(linker), "built-in": builtIn }),
    ]),
    fallbackLibraryDirectories: [...fallbackLibraryDirectories, ...libraryDirectories],
  };
}

function listOf(path: string | undefined): readonly string[] {
  return path === undefined ? [] : [path];
}

function existingDirectories(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].filter(isDirectory);
}
