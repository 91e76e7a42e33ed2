import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { architectureTable } from "../../../support/pages/architecture-table.ts";
import { otherToolsTable } from "../../../support/pages/other-tools.ts";

const file = new URL("../../../../native/README.md", import.meta.url);

test.each([
  ["of architectures has the sizes that the blobs have", "architecture", architectureTable],
  ["of other tools says what a test has measured", "tool", otherToolsTable],
])("native/README.md's table %s (npm run update:readme)", (_title, firstColumn, make) => {
  const table = make();
  const readme = readFileSync(file, "utf8");
  const updated = readme.replace(
    new RegExp(`^\\| ${firstColumn} \\|.*\\n(?:\\|.*(?:\\n|$))*`, "m"),
    () => `${table}\n`,
  );
  if (process.env["UPDATE_README"] !== undefined) writeFileSync(file, updated);
  expect(readFileSync(file, "utf8")).toContain(table);
});
