// Packages of the npm registry, fetched once for all test files and kept between runs. The path in the store says the hash:
// what is not what package-lock.json or an expression says is at another path, and the build fetches it itself.

import { existsSync, mkdirSync, renameSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { hostPath } from "../support/roots/store.ts";
import type { Nix } from "./nix.ts";

/** Archives under the names that their derivations have. */
const kept = fileURLToPath(new URL("../../build/npm/", import.meta.url));

const derivations = z.record(
  z.string(),
  z.looseObject({
    env: z.looseObject({ __json: z.string().optional() }),
    outputs: z.looseObject({ out: z.looseObject({ path: z.string().optional() }).optional() }),
  }),
);

interface Archive {
  readonly derivation: string;
  readonly path: string;
  readonly fileName: string;
}

/** Has in the store every archive that the derivations of `installables` need: kept ones, else what Nix fetches. */
export async function addNpmArchives(nix: Nix, installables: readonly string[]): Promise<void> {
  const archives = await archivesBehind(nix, installables);
  mkdirSync(kept, { recursive: true });
  const [present, absent] = [true, false].map((isKept) =>
    archives.filter(({ fileName }) => existsSync(join(kept, fileName)) === isKept),
  ) as [Archive[], Archive[]];
  if (present.length > 0) {
    await nix.query("--add-fixed", "sha512", ...present.map(({ fileName }) => join(kept, fileName)));
  }
  if (absent.length === 0) return;
  await nix.query("--realise", "-j", "4", ...absent.map(({ derivation }) => derivation));
  for (const { path, fileName } of absent) {
    // Another test file may be doing the same.
    const unfinished = join(kept, `${fileName}.${process.pid}`);
    await copyFile(hostPath(nix.store, path), unfinished);
    renameSync(unfinished, join(kept, fileName));
  }
}

/** Those archives, in no order. */
export async function archivesBehind(nix: Nix, installables: readonly string[]): Promise<readonly Archive[]> {
  const { stdout } = await nix.run(["show-derivation", "-r", ...installables]);
  return Object.entries(derivations.parse(JSON.parse(stdout))).flatMap(([derivation, { env, outputs }]) => {
    const path = outputs.out?.path;
    if (path === undefined || env.__json?.includes('"npmPackage":') !== true) return [];
    return [{ derivation, path, fileName: path.slice(path.indexOf("-") + 1) }];
  });
}
