// What becomes of each package of a group: as it came, wrapped, in place and patched, all with the same work.

import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type CorpusEntry, type CorpusGroup, corpusOf } from "../../support/foreign/corpus.ts";
import { hostPath, type InstalledGlibc, packagePath } from "../../support/roots/store.ts";
import { type Compared, updateResults, type Verdict, verdictOf } from "../comparison.ts";
import { type Done, filesOf, type Installed, restore, work } from "./at-work.ts";
import { type PatchelfVersion, patchelf } from "./patchelf.ts";
import { factsOf, workWrapped, wrap } from "./wrapped.ts";

/** Tests of all packages of a group; with UPDATE_CORPUS=1 what became of them is kept. */
export function testGroup(group: CorpusGroup): void {
  const compared: Compared[] = [];
  afterAll(() => {
    if (process.env["UPDATE_CORPUS"] === "1") updateResults(group, compared);
  });

  describe("a foreign program does its work when it is wrapped:", () => {
    it.each(corpusOf(group))("$name of $package", async (entry: CorpusEntry) => {
      const { installed, expected, ran, megabytes } = await workWrapped(entry);
      if (entry.architecture === undefined) {
        const placed = await workInPlace(installed);
        compared.push({
          name: entry.name,
          package: entry.package,
          version: entry.version,
          toolchain: entry.toolchain,
          megabytes,
          does: entry.does,
          wrapped: verdictOf(ran, expected),
          inPlace: placed === "refused" ? placed : verdictOf(placed, expected),
          patchelf: {
            "0.14": await judgePatchelf("0.14", installed, expected),
            "0.18": await judgePatchelf("0.18", installed, expected),
          },
        });
        if (placed !== "refused") expect(factsOf(placed), placed.stderr).toEqual(factsOf(expected));
      }
      expect(factsOf(ran), ran.stderr).toEqual(factsOf(expected));
    });
  });
}

async function workInPlace(installed: Installed): Promise<Done | "refused"> {
  await restore(installed);
  const placed = await wrap(installed, "--form", "in-place");
  if (placed.exitCode === 0) return work(installed, "store");
  expect(placed.stderr).toMatch(/no room in place|no entry to spare|cannot be wrapped in place/);
  return "refused";
}

/**
 * The C library by a path as long as those of Nix are: what patchelf breaks depends on the lengths of interpreter and run
 * path.
 */
function withUsualPath({ store, glibc }: Installed): InstalledGlibc {
  const usual = packagePath("glibc-2.40-66");
  if (!existsSync(hostPath(store, usual))) symlinkSync(basename(dirname(glibc.directory)), hostPath(store, usual));
  return { directory: `${usual}/lib`, interpreter: `${usual}/lib/${basename(glibc.interpreter)}` };
}

/** As autoPatchelfHook does it: interpreter and run path of each executable, and the run path of each library. */
async function judgePatchelf(
  version: PatchelfVersion,
  installed: Installed,
  expected: Done,
): Promise<Verdict | "fails"> {
  await restore(installed);
  const { store, libraries, entry } = installed;
  const glibc = withUsualPath(installed);
  const dynamic = filesOf(installed).filter((path) => isElf(hostPath(store, path)));
  const own = [...new Set(dynamic.filter((path) => path.includes(".so")).map(dirname))];
  for (const path of dynamic) {
    const file = hostPath(store, path);
    const former = patchelf(version, "--print-rpath", file);
    // A static executable, or a file for debugging.
    if (former === undefined) continue;
    const runPath = [...(former === "" ? [] : [former]), ...own, ...libraries, glibc.directory].join(":");
    const isExecutable = patchelf(version, "--print-interpreter", file) !== undefined;
    // One after the other: both at once breaks more.
    const changes = [...(isExecutable ? [["--set-interpreter", glibc.interpreter]] : []), ["--set-rpath", runPath]];
    const changed = changes.map((words) => patchelf(version, ...words, file));
    if (changed.includes(undefined) && path === join(installed.directory, entry.executable)) return "fails";
  }
  const ran = await work(installed, "store");
  const verdict = verdictOf(ran, expected);
  const statuses = ran.steps.map(({ exitCode }) => exitCode).join(" ");
  if (verdict !== "same")
    console.info(`${entry.name} after patchelf ${version}: ${statuses}: ${ran.stderr.slice(-300)}`);
  return verdict;
}

function isElf(path: string): boolean {
  return readFileSync(path).subarray(0, 4).toString("latin1") === "\x7fELF";
}
