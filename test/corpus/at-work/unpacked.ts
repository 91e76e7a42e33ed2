// Archives inside packages, for what npm cannot hold or is smaller in another way.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { type CorpusEntry, fetchPackage } from "../../support/foreign/corpus.ts";

/** The package's directory, with what its archives hold where it belongs. */
export async function unpackedPackage(entry: CorpusEntry): Promise<string> {
  const directory = await fetchPackage(entry);
  const done = join(directory, `.unpacked-${entry.name.replaceAll(" ", "-")}`);
  if (entry.unpacks === undefined || existsSync(done)) return directory;
  for (const { archive, into } of entry.unpacks) unpack(join(directory, archive), join(directory, into));
  writeFileSync(done, "");
  return directory;
}

function unpack(archive: string, into: string): void {
  mkdirSync(into, { recursive: true });
  if (!archive.endsWith(".br")) {
    execFileSync("python3", ["-m", "zipfile", "-e", archive, into]);
    return;
  }
  const inner = join(into, basename(archive, ".br"));
  writeFileSync(inner, brotliDecompressSync(readFileSync(archive)));
  if (!inner.endsWith(".tar")) return;
  execFileSync("tar", ["xf", inner, "-C", into, "--no-same-owner"]);
  rmSync(inner);
}
