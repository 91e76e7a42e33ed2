// What may not be read. Root may read everything, so the command runs as another user, in a process of its own.

import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { buildElf } from "../../../support/elf/elf-builder.ts";
import { bundleForNobody } from "../../../support/roots/as-nobody.ts";

let top = "";
let bundleAsNobody: (...paths: readonly string[]) => unknown;

beforeAll(async () => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "wrap-buddy-unreadable-")));
  mkdirSync(join(top, "tree"));
  writeFileSync(join(top, "tree/tool"), buildElf().bytes);
  chmodSync(join(top, "tree/tool"), 0o111);
  bundleAsNobody = await bundleForNobody(
    top,
    `import { bundle } from "./src/commands/bundle/bundle.ts";
     import { renderBundleReport } from "./src/commands/bundle/bundle-text.ts";
     import { plainPaint } from "./src/report/colour.ts";
     const report = bundle({
       programs: process.argv.slice(2), output: "${top}/out", format: "dir", libraryDirectories: [], interpreters: [],
       fallbackInterpreters: [], interpreterOrigins: new Map(), fallbackLibraryDirectories: [], ignoreMissing: [],
       storeDirectory: "/nix/store", variables: [], arguments: [], strict: false, isSynced: false, dryRun: true,
     }, "/");
     const { stderr } = renderBundleReport(report, {
       verbosity: 0, paint: plainPaint, errorPaint: plainPaint, context: { surface: "cli", shownRoots: [] },
     });
     console.log(JSON.stringify({ issues: report.issues, stderr }));`,
  );
});

afterAll(() => rmSync(top, { recursive: true }));

test("a directory whose programs this user may not read is not said to have none, nor to be left out by an option", () => {
  const path = join(top, "tree/tool");
  const { issues, stderr } = z
    .object({ issues: z.array(z.unknown()), stderr: z.string() })
    .parse(bundleAsNobody(join(top, "tree")));
  expect(issues).toEqual([{ kind: "cannot-read", path, code: "EACCES" }]);
  expect(stderr).toContain("  help: make it readable, or leave it out: name the others instead\n");
});
