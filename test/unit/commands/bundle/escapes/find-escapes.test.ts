import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { createLayout } from "../../../../../src/commands/bundle/collect/layout.ts";
import { findEscapes } from "../../../../../src/commands/bundle/escapes/find-escapes.ts";
import { stride } from "../../../../../src/files/search-ranges.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

const store = temporaryDirectory();

function file(path: string, text = ""): string {
  const whole = join(store, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
  return whole;
}

test("a path is said to be in the bundle where a part of what it leads to is, as --set takes it", () => {
  const names = ["share", "share/tool", "share/tool/deep/data", "other", "share/absent"];
  const program = file("pkg/bin/tool", names.map((name) => `${store}/pkg/${name}`).join("\n"));
  file("pkg/other/file");
  const layout = createLayout(store, []);
  layout.takeFile(program);
  layout.takeFile(file("pkg/share/tool/deep/data"));
  const escapes = findEscapes(layout, store, () => []);
  const said = escapes.map(({ text, meaning, isBundled }) => [text.slice(store.length + 5), meaning, isBundled]);
  expect(said).toEqual([
    ["other", "data", false],
    ["share", "data", true],
    ["share/absent", "absent", false],
    ["share/tool", "data", true],
    ["share/tool/deep/data", "data", true],
  ]);
});

/** The texts that are found in a file with that content. */
function textsIn(content: string): readonly string[] {
  const path = join(realpathSync(temporaryDirectory()), "file");
  writeFileSync(path, content, "latin1");
  const layout = createLayout("/nix/store", []);
  layout.takeFile(path);
  return findEscapes(layout, "/nix/store", () => []).map(({ text }) => text);
}

test("a path has two names or more, begins where no other ends, and may have more slashes than one", () => {
  expect(textsIn('/usr /usr/lib:/usr/lib//x/y "/etc/z", a/usr/lib/n ./usr/n/m /opt/i.')).toEqual([
    "/etc/z",
    "/opt/i",
    "/usr/lib",
    "/usr/lib//x/y",
  ]);
});

test.each([-1, 0, 1, 2, 5, 9, 14, 15, 16])(
  "a path that begins %d bytes before the end of what is read in one go is found, whole and once",
  (before) => {
    const path = "/usr/lib/tool";
    expect(textsIn(`${" ".repeat(stride - before)}${path} `)).toEqual([path]);
    // With a name in front it is no path of its own.
    expect(textsIn(`${"n".repeat(stride - before)}${path} `)).toEqual([]);
  },
);

test("a path of the length that the kernel takes is found across that end", () => {
  const path = `/usr/${"n".repeat(4085)}/tool`;
  expect(textsIn(`${" ".repeat(stride - 3)}${path} `)).toEqual([path]);
});
