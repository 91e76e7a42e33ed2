// The libraries that come with the compiler of the package's own stdenv.

import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { systemPath } from "../base/path.ts";
import { unlessRefused } from "../base/system-error.ts";

/**
 * The directories of libgcc_s and libstdc++ of the wrapped compiler at `compiler` ($NIX_CC); [] for "", where there is
 * none. The one that holds libgcc_s itself comes first, so that a program that uses only that refers only to that.
 * Source: nixpkgs, pkgs/build-support/cc-wrapper, nix-support/cc-ldflags: options for the linker, `-LDIRECTORY` for the
 * compiler's libraries; in gcc's lib output libgcc_s.so.1 is a link into its libgcc output.
 */
export function compilerLibraryDirectories(compiler: string): readonly string[] {
  if (compiler === "") return [];
  const words = readText(join(compiler, "nix-support/cc-ldflags")).split(/\s+/);
  const directories = words.filter((word) => word.startsWith("-L/")).map((word) => word.slice(2));
  return [...directories.flatMap(directoryOfLibgcc), ...directories];
}

function directoryOfLibgcc(directory: string): readonly string[] {
  const name = "libgcc_s.so.1";
  const path = present(() => realpathSync(systemPath(join(directory, name))));
  return path?.endsWith(`/${name}`) === true ? [path.slice(0, -name.length - 1)] : [];
}

function readText(path: string): string {
  return present(() => readFileSync(systemPath(path), "utf8")) ?? "";
}

/** What `read` gives; undefined where the system says that it cannot be read. */
function present<Value>(read: () => Value): Value | undefined {
  return unlessRefused(read, undefined);
}
