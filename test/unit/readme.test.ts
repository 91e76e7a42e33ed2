import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as z from "zod";
import { exitCode } from "../../src/report/exit-code.ts";
import { linesByDefault } from "../../src/report/shortened.ts";
import { pageCommands } from "../support/pages/page-commands.ts";
import { blocksOf, commandsOf, pages } from "../support/pages/pages.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = (path: string): string => readFileSync(`${root}/${path}`, "utf8");
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(`${root}/package.json`, "utf8")));

/** The first cells of the page's table whose heading begins with this cell, without their backquotes. */
function firstColumn(path: string, heading: string): readonly string[] {
  const [, table = ""] = page(path).split(`| ${heading} | `);
  const [rows = ""] = table.split("\n\n");
  return [...rows.matchAll(/^\| `(.*?)` \|/gm)].map(([, cell = ""]) => cell);
}

test("src/README.md names every folder of src and no other", () => {
  const folders = readdirSync(`${root}/src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const named = firstColumn("src/README.md", "folder").filter((folder) => folder.startsWith("src/"));
  expect(named.toSorted()).toEqual(["src/", ...folders.map(({ name }) => `src/${name}/`)].toSorted());
});

test("src/README.md names every top-level folder that is not made by a tool", () => {
  const named = firstColumn("src/README.md", "folder").filter(
    (folder) => !folder.startsWith("src/") || folder === "src/",
  );
  const made = /^(\..*|build|dist|node_modules|result.*)$/;
  const folders = readdirSync(root, { withFileTypes: true }).filter((it) => it.isDirectory() && !made.test(it.name));
  expect(named.toSorted()).toEqual(folders.map(({ name }) => `${name}/`).toSorted());
});

test("what src/README.md names is there, and a change that it tells of is made in at most three files", () => {
  const named = [...page("src/README.md").matchAll(/`((?:src|native)\/[^`]+)`/g)].map(([, path = ""]) => path);
  const names = ["x86_64", "verify"];
  const isThere = (path: string) => names.some((name) => existsSync(join(root, path.replace("NAME", name))));
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !isThere(path))).toEqual([]);
  const [, table = ""] = page("src/README.md").split("| new | files |\n");
  const rows = table.split("\n").filter((row) => /^\| [a-z]/.test(row));
  expect(rows.length).toBe(13);
  expect(rows.filter((row) => (row.match(/`/g) ?? []).length > 6)).toEqual([]);
});

test("every command that test/README.md names is one of package.json's", () => {
  const cells = firstColumn("test/README.md", "command").flatMap((cell) => cell.split("`, `"));
  const commands = cells.map((command) => command.replace(/^npm (run )?/, ""));
  expect(commands.length).toBeGreaterThan(0);
  expect(commands.filter((command) => scripts[command] === undefined)).toEqual([]);
});

test("the front page has at most 1,200 words", () => {
  expect(page("README.md").split(/\s+/).length).toBeLessThanOrEqual(1200);
});

test.each(pages)("what %s links to is there", (path) => {
  const links = [...page(path).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = ""]) => link);
  expect(links.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([]);
});

test("every command that a page names has somebody who runs it, or a reason why not, and no other has", () => {
  const named = new Set(pages.flatMap((path) => commandsOf(path)));
  expect([...named].filter((command) => pageCommands[command] === undefined)).toEqual([]);
  expect(Object.keys(pageCommands).filter((command) => !named.has(command))).toEqual([]);
});

test("the test that is said to run a command has it", () => {
  const wrong = Object.entries(pageCommands).filter(
    ([, how]) => how.by === "test" && !(existsSync(join(root, how.file)) && page(how.file).includes(how.text)),
  );
  expect(wrong).toEqual([]);
});

test("what npm test is said to run is what it runs", () => {
  const inTest = (script: string): readonly string[] => [
    script,
    ...[...(scripts[script] ?? "").matchAll(/npm run (?:-s )?([\w:]+)/g)].flatMap(([, name = ""]) => inTest(name)),
  ];
  const ran = [...inTest("test"), "test:unit", "test:integration", "test:nix"];
  const said = Object.entries(pageCommands).flatMap(([command, { by }]) => (by === "npm test" ? [command] : []));
  const names = said.flatMap((command) => command.split(" && ")).filter((command) => command !== "npm ci");
  expect(names.map((name) => name.replace(/^npm (run )?/, "")).filter((name) => !ran.includes(name))).toEqual([]);
});

test("what a reader has to fill in is said once, and stands nowhere else in what is to be pasted", () => {
  const placeholder = /OWNER|…|<[A-Za-z]|\bFIXME\b/;
  const pasted = pages.flatMap((path) =>
    blocksOf(path).flatMap(({ language, text }) => (["sh", "nix", "json"].includes(language) ? text.split("\n") : [])),
  );
  expect(page("README.md").match(/\(OWNER stands for/g)).toHaveLength(1);
  expect(pasted.filter((line) => placeholder.test(line.replaceAll("OWNER", "")))).toEqual([]);
  expect(pasted.filter((line) => line.includes("OWNER")).map((line) => line.trim())).toEqual([
    'inputs.wrap-buddy.url = "github:OWNER/wrap-buddy";',
    'owner = "OWNER";',
  ]);
});

test("numbers in the text of a page are those of the code, or of the test that measures them", () => {
  for (const path of ["hook/README.md", "src/cli/README.md"]) {
    expect(page(path)).toContain(`At most ${linesByDefault} lines are printed`);
  }
  expect(page("src/cli/README.md")).toContain(`more than ${linesByDefault} lines`);
  for (const path of ["README.md", "src/cli/README.md"]) {
    expect(page(path)).toMatch(`${exitCode.done} done or nothing to do, ${exitCode.failed} not done`);
    expect(page(path).replaceAll("\n", " ")).toMatch(`${exitCode.usage} wrong usage, ${exitCode.bug} a bug`);
  }
  const native = page("native/README.md");
  const [, ...budgets] =
    /budgets for stubs are (\d+) and (\d+) on .*?, (\d+) and (\d+) elsewhere; for x86_64's loader (\d+)/.exec(native) ??
    [];
  const sizes = page("test/integration/native/sizes.test.ts");
  expect(budgets).toHaveLength(5);
  expect(budgets.filter((size) => !new RegExp(`\\b${size}\\b`).test(sizes))).toEqual([]);
  const [, calls] = /(\d+) system calls more/.exec(native) ?? [];
  expect(page("test/integration/system-calls.test.ts")).toContain(`makes at most ${calls} calls beside /proc/self/exe`);
});
