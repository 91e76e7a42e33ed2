// Code of ours run by a user without rights, in a process of its own: root may read everything.

import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { expect } from "vitest";

const nobody = 65534;

/**
 * Bundles a module whose imports are relative to the repository's root into `directory`, which everybody may search from
 * then on. What is returned starts it with these arguments and returns the JSON that it prints.
 */
export async function bundleForNobody(
  directory: string,
  contents: string,
): Promise<(...words: readonly string[]) => unknown> {
  const outfile = join(directory, "module.mjs");
  chmodSync(directory, 0o755);
  await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
  });
  return (...words) => {
    const isRoot = process.getuid?.() === 0;
    const { stdout, stderr } = spawnSync(process.execPath, [outfile, ...words], {
      encoding: "utf8",
      cwd: directory,
      ...(isRoot ? { uid: nobody, gid: nobody } : {}),
    });
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  };
}
