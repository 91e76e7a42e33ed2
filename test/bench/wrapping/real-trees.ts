// Trees as packagers have them: packages of Debian and of npm, unpacked each in a directory of its own, with most of the
// libraries that they need missing.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { azureMcp, corpus, fetchPackage, type Pin, postgres } from "../../support/foreign/corpus.ts";
import type { Timed } from "../results.ts";
import { scale } from "../scale.ts";
import { measureAutoPatchelf } from "./auto-patchelf.ts";
import { measureSizes, root } from "./measured-tree.ts";

/** Name=version of each, in the order in which they are taken. */
function packageNames(): readonly string[] {
  return readFileSync(`${root}test/bench/wrapping/debian-packages.txt`, "utf8").trim().split("\n");
}

/** Has apt fetch and dpkg unpack what is not there yet; what the mirror no longer has is said and left out. */
function unpackedPackages(): readonly string[] {
  const archives = join(root, "build/bench/archives");
  const unpacked = join(root, "build/bench/unpacked");
  rmSync(archives, { recursive: true, force: true });
  for (const directory of [archives, unpacked]) mkdirSync(directory, { recursive: true });
  const isThere = (wanted: string) => existsSync(join(unpacked, wanted));
  const absent = packageNames().filter((wanted) => !isThere(wanted));
  // All at once takes a minute, each by itself five; but one that is gone keeps apt from fetching any.
  if (absent.length > 0 && !download(absent, archives)) {
    for (const wanted of absent) {
      if (!download([wanted], archives)) console.error(`${wanted} is left out: apt-get cannot fetch it`);
    }
  }
  for (const archive of readdirSync(archives)) {
    const [name = ""] = archive.split("_");
    const wanted = absent.find((one) => one.startsWith(`${name}=`));
    if (wanted !== undefined) execaSync("dpkg-deb", ["-x", join(archives, archive), join(unpacked, wanted)]);
  }
  return packageNames().flatMap((wanted) => (isThere(wanted) ? [join(unpacked, wanted)] : []));
}

function download(packages: readonly string[], directory: string): boolean {
  return execaSync("apt-get", ["download", "-qq", ...packages], { cwd: directory, reject: false }).exitCode === 0;
}

/** The corpus' packages for this machine; what the registry no longer has is said and left out. */
async function npmPackages(): Promise<readonly string[]> {
  const measured = corpus.filter(({ isMeasured, architecture }) => isMeasured && architecture === undefined);
  const pins: readonly Pin[] = [postgres, ...measured, azureMcp];
  const directories: string[] = [];
  for (const pin of pins) {
    try {
      directories.push(await fetchPackage(pin));
    } catch (error) {
      console.error(`${pin.package} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return directories;
}

/** Three sizes of each, whole and without every third library; and auto-patchelf beside, where it can be had. */
export async function measureRealTrees(): Promise<readonly Timed[]> {
  if (!scale.fetchesCorpus) return [];
  const debian = unpackedPackages();
  const npm = await npmPackages();
  return [
    ...measureSizes("unpacked Debian packages", debian, [100, 200, debian.length]),
    ...measureSizes("npm packages", npm, [3, 6, npm.length]),
    ...measureAutoPatchelf(debian.slice(0, 100)),
  ];
}
