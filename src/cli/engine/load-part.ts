// Loads the program's parts, which src/bundle.sh makes files of their own, with what V8 compiled of each when the program
// was built: a start takes 100 ms instead of 120, and 700 executables among 10,000 files a tenth less time.
//
// Node 22's module.enableCompileCache does the same in a directory for each user, which no sandbox of Nix has.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { unlessRefused } from "../../base/system-error.ts";

interface Part {
  readonly script: Script;
  readonly exports: unknown;
}

const parts = new Map<string, Part>();

/** The directory that holds cli and hook. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the part, such as "cli/yargs", exports. Is run once. */
export function loadPart(name: string): unknown {
  const known = parts.get(name);
  if (known !== undefined) return known.exports;
  const path = join(root, `${name}.js`);
  // esbuild writes ASCII.
  const code = readFileSync(path, "latin1");
  const cachedData = unlessRefused(() => readFileSync(codeCacheOf(name)), undefined);
  // Another Node, or one with other flags, finds the cache unfit and compiles as if there were none.
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${code}\n})`, {
    // Without directory: V8 keeps it in the cache, which is to be the same wherever it is made.
    filename: `${name}.js`,
    ...(cachedData && { cachedData }),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path));
  parts.set(name, { script, exports: module.exports });
  return module.exports;
}

/** The parts that have been loaded: how each was compiled. */
export function loadedParts(): ReadonlyMap<string, Script> {
  return new Map([...parts].map(([name, { script }]) => [name, script]));
}

/**
 * Where the cache of a part lies. V8 takes one of its own version whose source is as long; it does not ask for which
 * machine it was made.
 * Source: V8 src/snapshot/code-serializer.cc, SerializedCodeData::SanityCheck.
 */
export function codeCacheOf(name: string): string {
  return join(root, `${name}.${process.arch}-${process.versions.v8}.cache`);
}
