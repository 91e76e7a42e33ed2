// What may not be read. Root may read everything, so the walk runs as another user, in a process of its own.

import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildElf } from "../../support/elf/elf-builder.ts";
import { bundleForNobody } from "../../support/roots/as-nobody.ts";

let top = "";
/** What a user without rights finds. */
let findAsNobody: (...paths: readonly string[]) => unknown;

beforeAll(async () => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "wrap-buddy-unreadable-")));
  for (const directory of ["tree", "tree/closed"]) mkdirSync(join(top, directory));
  for (const file of ["tree/closed/tool", "tree/secret", "tree/tool"]) writeFileSync(join(top, file), buildElf().bytes);
  for (const path of ["tree/closed", "tree/secret"]) chmodSync(join(top, path), 0);
  findAsNobody = await bundleForNobody(
    top,
    `import { discover } from "./src/files/discover.ts";
     const { candidates, skipped, issues } = discover(process.argv.slice(2), { recurse: true, exclude: [] });
     console.log(JSON.stringify({ candidates: candidates.map(({ path }) => path), skipped, issues }));`,
  );
});

afterAll(() => {
  chmodSync(join(top, "tree/closed"), 0o755);
  rmSync(top, { recursive: true });
});

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
