// The way back over everything that is at hand: large executables from npm packages, whole packages of them, every
// executable of this machine and those of Debian for other architectures.

import { chmodSync, cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { debianRoot, type Machine, machines } from "../support/compiled/machines.ts";
import { azureMcp, corpus, fetchPackage, postgres } from "../support/foreign/corpus.ts";
import { foreign } from "../support/foreign/debian-programs.ts";
import { interpreterName } from "../support/roots/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { copyExecutables, filesIn, goThereAndBack } from "../support/writing/way-back.ts";
import { unpackedPackage } from "./at-work/unpacked.ts";

const linkerOf = ({ name, libraries }: Machine): string =>
  name === "x86_64"
    ? "/lib64/ld-linux-x86-64.so.2"
    : `${debianRoot(name, "debian-all")}/usr/lib/${libraries}/${interpreterName(name)}`;
const linkers = machines.map(linkerOf);

/** There and back, and then the copies are gone: the packages have gigabytes. */
function expectWayBack(tree: string): number {
  const { wrapped, complaints } = goThereAndBack(tree, linkers);
  rmSync(tree, { recursive: true });
  expect(complaints).toEqual([]);
  return wrapped;
}

describe("after all ways to wrap them, restoring gives the original:", () => {
  it.each(corpus)("the executables of $name of $package", async (entry) => {
    const tree = join(temporaryDirectory(), "tree");
    const from = await unpackedPackage(entry);
    for (const name of entry.files ?? [entry.executable]) {
      cpSync(join(from, name), join(tree, name), { recursive: true, verbatimSymlinks: true });
    }
    // npm keeps not all modes.
    for (const name of [entry.executable, ...(entry.executables ?? [])]) chmodSync(join(tree, name), 0o755);
    const wrapped = expectWayBack(tree);
    console.info(`${entry.package}: ${wrapped}`);
    expect(wrapped).toBeGreaterThan(0);
  });

  it.each([postgres, azureMcp])("the executables of $package and all that is beside them", async (entry) => {
    const tree = join(temporaryDirectory(), "tree");
    cpSync(await fetchPackage(entry), tree, { recursive: true, verbatimSymlinks: true });
    expect(expectWayBack(tree)).toBe(entry === postgres ? 6 : 1);
  });

  it("every executable of this machine", () => {
    const directories = ["/usr/bin", "/usr/sbin", "/usr/libexec", "/usr/lib/git-core", dirname(process.execPath)];
    const found = filesIn(...directories);
    const wrapped = expectWayBack(copyExecutables(found));
    console.info(`${wrapped} of ${found.length} files`);
    expect(wrapped).toBeGreaterThan(400);
  });

  it.each(machines.filter(foreign))("the executables of Debian for $name", (machine) => {
    const root = debianRoot(machine.name, "debian-all");
    const found = filesIn(...["bin", "usr/bin", "usr/sbin"].map((directory) => join(root, directory)));
    const wrapped = expectWayBack(copyExecutables(found));
    console.info(`${machine.name}: ${wrapped} of ${found.length} files`);
    expect(wrapped).toBeGreaterThan(100);
  });
});
