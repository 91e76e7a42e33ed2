import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as z from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(`${root}/README.md`, "utf8");
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(`${root}/package.json`, "utf8")));

/** The first cells of the table whose heading begins with this cell, without their backquotes. */
function firstColumn(heading: string): readonly string[] {
  const [, table = ""] = readme.split(`| ${heading} | `);
  const [rows = ""] = table.split("\n\n");
  return [...rows.matchAll(/^\| `(.*?)` \|/gm)].map(([, cell = ""]) => cell);
}

test("README names every folder of src and no other", () => {
  const folders = readdirSync(`${root}/src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const named = firstColumn("folder").filter((folder) => folder.startsWith("src/"));
  expect(named.toSorted()).toEqual(["src/", ...folders.map(({ name }) => `src/${name}/`)].toSorted());
});

test("README names every top-level folder that is not made by a tool", () => {
  const named = firstColumn("folder").filter((folder) => !folder.startsWith("src/") || folder === "src/");
  const made = /^(\..*|build|dist|node_modules|result.*)$/;
  const folders = readdirSync(root, { withFileTypes: true }).filter((it) => it.isDirectory() && !made.test(it.name));
  expect(named.toSorted()).toEqual(folders.map(({ name }) => `${name}/`).toSorted());
});

test("every command that README names is one of package.json's", () => {
  const cells = firstColumn("command").flatMap((cell) => cell.split("`, `"));
  const commands = cells.map((command) => command.replace(/^npm (run )?/, ""));
  expect(commands.length).toBeGreaterThan(0);
  expect(commands.filter((command) => scripts[command] === undefined)).toEqual([]);
});
