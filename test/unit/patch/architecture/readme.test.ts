import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { architectureTable } from "../../../support/architecture-table.ts";

const file = new URL("../../../../native/README.md", import.meta.url);

test("native/README.md's table of architectures has the sizes that the blobs have (npm run update:readme)", () => {
  const table = architectureTable();
  const readme = readFileSync(file, "utf8");
  const updated = readme.replace(
    /(?<=^## Architectures\n[^#]*?)^\| architecture \|.*\n(?:\|.*(?:\n|$))*/m,
    `${table}\n`,
  );
  if (process.env["UPDATE_README"] !== undefined) writeFileSync(file, updated);
  expect(readFileSync(file, "utf8")).toContain(table);
});
