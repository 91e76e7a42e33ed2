// Programs of test/fixtures/native that start others inside a sandbox, where there is no C library.

import { readFileSync } from "node:fs";
import { repository } from "../repository.ts";
import { addFiles, packagePath, type Store } from "../roots/store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { compile } from "./compile.ts";

/** Compiles NAME.c statically and adds it to the store as a package of that name; the program's path in the sandbox. */
export async function addDriver(store: Store, name: string): Promise<string> {
  const source = readFileSync(new URL(`test/fixtures/native/${name}.c`, repository), "utf8");
  const built = { files: { [`${name}.c`]: source }, flags: ["-O2", "-static"] };
  const program = await compile(`${temporaryDirectory()}/${name}`, built);
  return `${addFiles(store, `${packagePath(name)}/bin`, [program])}/${name}`;
}
