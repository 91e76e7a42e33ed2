import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { createLayout } from "../../../../../src/commands/bundle/collect/layout.ts";
import { findEscapes } from "../../../../../src/commands/bundle/escapes/find-escapes.ts";
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
