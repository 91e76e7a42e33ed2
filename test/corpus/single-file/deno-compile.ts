// `deno compile` without the network.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { deno, fetchPackage, vlt } from "../../support/foreign/corpus.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/**
 * A directory with `deno`, and with `denort`, which `deno compile` copies and appends to: it takes the file that DENORT_BIN
 * names, or fetches one. A program that it has made begins with it, up to the end of its table of sections.
 * Source: Deno, cli/standalone/binary.rs; libsui.
 */
export async function denoWithRuntime(): Promise<string> {
  const directory = join(temporaryDirectory(), "deno");
  mkdirSync(directory);
  copyFileSync(join(await fetchPackage(deno), "deno"), join(directory, "deno"));
  const made = readFileSync(join(await fetchPackage(vlt), "vlt"));
  const { sectionHeaderOffset, sectionHeaderCount } = parseElf(bufferSource(made)).header;
  const sectionHeaderSize = 64;
  writeFileSync(
    join(directory, "denort"),
    made.subarray(0, sectionHeaderOffset + sectionHeaderCount * sectionHeaderSize),
  );
  for (const name of ["deno", "denort"]) chmodSync(join(directory, name), 0o755);
  return directory;
}
