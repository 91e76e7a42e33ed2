import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as z from "zod";
import { runCommandLine } from "../../src/cli/command-line.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

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
  expect(rows.length).toBe(10);
  expect(rows.filter((row) => (row.match(/`/g) ?? []).length > 6)).toEqual([]);
});

test("every command that test/README.md names is one of package.json's", () => {
  const cells = firstColumn("test/README.md", "command").flatMap((cell) => cell.split("`, `"));
  const commands = cells.map((command) => command.replace(/^npm (run )?/, ""));
  expect(commands.length).toBeGreaterThan(0);
  expect(commands.filter((command) => scripts[command] === undefined)).toEqual([]);
});

const pages = [
  "README.md",
  "hook/README.md",
  "native/README.md",
  "nix/README.md",
  "src/README.md",
  "src/cli/README.md",
  "test/README.md",
  "test/bench/README.md",
];

test("the front page has at most 1,200 words", () => {
  expect(page("README.md").split(/\s+/).length).toBeLessThanOrEqual(1200);
});

test.each(pages)("what %s links to is there", (path) => {
  const links = [...page(path).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = ""]) => link);
  expect(links.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([]);
});

test.each(pages)("every command line of wrap-buddy in %s is understood", async (path) => {
  const blocks = [...page(path).matchAll(/^```[a-z]*\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
  const lines = blocks
    .flatMap((block) => block.split("\n"))
    .map((line) => line.replace(/^\$ /, "").replace(/\s+#.*/, ""));
  for (const line of lines.filter((one) => /^wrap-buddy \S/.test(one) && !one.startsWith("wrap-buddy: "))) {
    let said = "";
    const write = (text: string): void => {
      said += text;
    };
    const code = await runCommandLine(line.split(" ").slice(1), {
      writeOutput: write,
      writeError: write,
      variables: {},
      workingDirectory: temporaryDirectory(),
      outputIsTerminal: false,
      errorIsTerminal: false,
      columns: 100,
    });
    expect([line, code, said]).toEqual([line, expect.toBeOneOf([0, 1]), expect.any(String)]);
  }
});
