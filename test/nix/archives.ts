// Packages of the npm registry, put into a store under the paths that derivations expect them at. The path says the
// hash: what is not what package-lock.json or an expression says is at another path, and the build misses it.

import { existsSync, linkSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import * as z from "zod";
import type { Nix } from "./nix.ts";

/** Archives as `npm pack` names them, kept between runs. */
const kept = fileURLToPath(new URL("../../build/npm/", import.meta.url));

const derivations = z.record(z.string(), z.object({ env: z.object({ url: z.string().optional() }).loose() }));

/** Fetches every mirror://npm address that the derivations behind `installables` need. */
export async function addNpmArchives(nix: Nix, installables: readonly string[]): Promise<void> {
  const { stdout } = await nix.run(["show-derivation", "-r", ...installables]);
  const addresses = Object.values(derivations.parse(JSON.parse(stdout))).flatMap(({ env }) => env.url ?? []);
  const archives = [...new Set(addresses)].map(readAddress);
  mkdirSync(kept, { recursive: true });
  const absent = archives.filter(({ packedAs }) => !existsSync(join(kept, packedAs)));
  if (absent.length > 0) {
    // Whatever npm is configured with counts here: a mirror, a proxy, a cache.
    await execa("npm", ["pack", "--silent", "--pack-destination", kept, ...absent.map(({ spec }) => spec)]);
  }
  const links = mkdtempSync(join(kept, "links-"));
  try {
    for (const [index, { packedAs, fileName }] of archives.entries()) {
      // Two packages can have archives of one name, and the name is part of the path in the store.
      const directory = join(links, String(index));
      mkdirSync(directory);
      linkSync(join(kept, packedAs), join(directory, fileName));
      await nix.query("--add-fixed", "sha512", join(directory, fileName));
    }
  } finally {
    rmSync(links, { recursive: true });
  }
}

interface Archive {
  readonly spec: string;
  readonly packedAs: string;
  readonly fileName: string;
}

/** mirror://npm/@scope/name/-/name-1.0.0.tgz */
function readAddress(address: string): Archive {
  const match =
    /^mirror:\/\/npm\/(?<name>(?:@[^/]+\/)?(?<base>[^/]+))\/-\/(?<fileName>\k<base>-(?<version>.+)\.tgz)$/.exec(
      address,
    );
  const { name, version, fileName } = match?.groups ?? {};
  if (name === undefined || version === undefined || fileName === undefined)
    throw new Error(`not an npm address: ${address}`);
  return {
    spec: `${name}@${version}`,
    packedAs: `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`,
    fileName,
  };
}
