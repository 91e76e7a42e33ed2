// What may not be read. Root may read everything, so the walk runs as another user, in a process of its own.

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildElf } from "../../support/elf-builder.ts";

const nobody = 65534;
let top = "";

beforeAll(async () => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "wrap-buddy-unreadable-")));
  chmodSync(top, 0o755);
  for (const directory of ["tree", "tree/closed"]) mkdirSync(join(top, directory));
  for (const file of ["tree/closed/tool", "tree/secret", "tree/tool"]) writeFileSync(join(top, file), buildElf().bytes);
  for (const path of ["tree/closed", "tree/secret"]) chmodSync(join(top, path), 0);
  await build({
    stdin: {
      contents: `import { discover } from "./src/files/discover.ts";
        const { candidates, skipped, issues } = discover(process.argv.slice(2), { recurse: true, exclude: [] });
        console.log(JSON.stringify({ candidates: candidates.map(({ path }) => path), skipped, issues }));`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: join(top, "walk.mjs"),
  });
});

afterAll(() => {
  chmodSync(join(top, "tree/closed"), 0o755);
  rmSync(top, { recursive: true });
});

/** What a user without rights finds. */
function findAsNobody(...paths: readonly string[]): unknown {
  const isRoot = process.getuid?.() === 0;
  const { stdout, stderr } = spawnSync(process.execPath, [join(top, "walk.mjs"), ...paths], {
    encoding: "utf8",
    cwd: top,
    ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

test("in a tree is skipped with the system's reason, and the walk goes on", () => {
  expect(findAsNobody(join(top, "tree"))).toEqual({
    candidates: [join(top, "tree/tool")],
    skipped: [
      { path: join(top, "tree/closed"), reason: "unreadable", isNamed: false, detail: "EACCES", what: "directory" },
      { path: join(top, "tree/secret"), reason: "unreadable", isNamed: false, detail: "EACCES", what: "file" },
    ],
    issues: [],
  });
});

test("and is named is an issue, once", () => {
  const paths = ["tree/closed", "tree/closed/tool", "tree/secret"].map((path) => join(top, path));
  expect(findAsNobody(join(top, "tree"), ...paths)).toEqual({
    candidates: [join(top, "tree/tool")],
    skipped: [],
    issues: [
      { kind: "cannot-read", path: paths[1], code: "EACCES" },
      { kind: "cannot-read", path: paths[0], code: "EACCES" },
      { kind: "cannot-read", path: paths[2], code: "EACCES" },
    ],
  });
});
