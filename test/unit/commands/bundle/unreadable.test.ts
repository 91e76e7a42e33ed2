// What may not be read. Root may read everything, so the command runs as another user, in a process of its own.

import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildElf } from "../../../support/elf/elf-builder.ts";
import { bundleForNobody } from "../../../support/roots/as-nobody.ts";

let top = "";
let bundleAsNobody: (...paths: readonly string[]) => unknown;

beforeAll(async () => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "wrap-buddy-unreadable-")));
  mkdirSync(join(top, "tree"));
  writeFileSync(join(top, "tree/tool"), buildElf().bytes);
  chmodSync(join(top, "tree/tool"), 0o700);
  bundleAsNobody = await bundleForNobody(
    top,
    `import { bundle } from "./src/commands/bundle/bundle.ts";
     const report = bundle({
       programs: process.argv.slice(2), output: "${top}/out", format: "dir", libraryDirectories: [], interpreters: [],
       fallbackInterpreters: [], interpreterOrigins: new Map(), fallbackLibraryDirectories: [], ignoreMissing: [],
       storeDirectory: "/nix/store", variables: [], arguments: [], strict: false, isSynced: false, dryRun: true,
     }, "/");
     console.log(JSON.stringify(report.issues));`,
  );
});

afterAll(() => rmSync(top, { recursive: true }));

test("a directory whose programs this user may not read is not said to have none", () => {
  const path = join(top, "tree/tool");
  expect(bundleAsNobody(join(top, "tree"))).toEqual([{ kind: "cannot-read", path, code: "EACCES" }]);
});
