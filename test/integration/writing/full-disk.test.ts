// A file system that becomes full in the middle of a run: nothing is changed, and nothing is left.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { compile, helloSource } from "../../support/compiled/compile.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const main = new URL("../../../dist/cli/main.js", import.meta.url).pathname;
const linker = "/lib64/ld-linux-x86-64.so.2";

const run = (...words: readonly string[]) => execa(process.execPath, [main, ...words, "-q"], { reject: false });

/** Mounts a new one of 16 MB. */
async function mountNew(options: readonly string[]): Promise<string> {
  const directory = temporaryDirectory();
  const [image, top] = [join(directory, "image"), join(directory, "mounted")];
  await execa("truncate", ["-s", "16M", image]);
  await execa("mkfs.ext4", ["-q", ...options, image]);
  mkdirSync(top);
  await execa("mount", ["-o", "loop", image, top]);
  return top;
}

/** Leaves less room than the larger program's copy needs. */
function fillBytes(top: string): void {
  const { bsize, bavail } = statfsSync(top);
  writeFileSync(join(top, "fill"), Buffer.alloc(bsize * bavail - 1_000_000, 1));
}

function fillInodes(top: string): void {
  mkdirSync(join(top, "fill"));
  for (let left = statfsSync(top).ffree; left > 0; left--) writeFileSync(join(top, "fill", String(left)), "");
}

it.each([
  ["room for a copy", [], fillBytes, "large: copy failed"],
  ["a file more", ["-N", "64"], fillInodes, "\\.large\\.wrapbuddy~: open failed"],
] as const)(
  "without %s all files stay as they are, and with it all are wrapped",
  { tags: ["loop"] },
  async (...row) => {
    const [, options, fill, failed] = row;
    const top = await mountNew(options);
    try {
      const tree = join(top, "tree");
      mkdirSync(tree);
      await compile(join(tree, "small"), { files: helloSource });
      cpSync(join(tree, "small"), join(tree, "large"));
      writeFileSync(join(tree, "large"), Buffer.alloc(2_000_000, "payload"), { flag: "a" });
      const contents = () => readdirSync(tree).map((name) => [name, readFileSync(join(tree, name)).toString("base64")]);
      const before = contents();
      fill(top);
      const { exitCode, stderr } = await run(tree, "--interpreter", linker);
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(`${failed}: no space left on device \\(ENOSPC\\)`)]);
      expect(stderr).toContain("help: make room on the file system, then run it again");
      expect(contents()).toEqual(before);
      rmSync(join(top, "fill"), { recursive: true });
      expect(await run(tree, "--interpreter", linker)).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await run("verify", tree)).toMatchObject({ exitCode: 0 });
    } finally {
      await execa("umount", [top]);
    }
  },
);
