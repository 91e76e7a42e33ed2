import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLayout } from "../../../../../src/commands/bundle/collect/layout.ts";
import { readModuleList } from "../../../../../src/commands/bundle/collect/module-list.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

const top = realpathSync(temporaryDirectory());
mkdirSync(join(top, "in"));
for (const name of ["in/a.so", "b.so"]) writeFileSync(join(top, name), "");
const layout = createLayout("/nix/store", [top]);
layout.takeTree(join(top, "in"));

function movedList(name: string, text: string) {
  writeFileSync(join(top, name), text.replaceAll("$", top), "latin1");
  const list = readModuleList(join(top, name), layout);
  const moved = list && Buffer.from(list.bytes).toString("latin1").replaceAll(top, "$");
  return [moved, list?.directories.map((one) => one.replace(top, "$"))];
}

test("a list has the bare names of the plug-ins that the bundle has, and is otherwise what it was, byte for byte", () => {
  const rest = '"a" 4 "/usr" "caf\xe9"\n# "$/in/a.so"\n"$/b.so"\n"/no/where.so"\n';
  expect(movedList("loaders.cache", `"$/in/a.so"\n${rest}`)).toEqual([`"a.so"\n${rest}`, ["$/in"]]);
});

test("a file of another name, and a list without such a plug-in, are no lists", () => {
  const nothing = [undefined, undefined];
  expect(movedList("other.cache", '"$/in/a.so"\n')).toEqual(nothing);
  expect(movedList("loaders.cache", '"$/b.so"\n')).toEqual(nothing);
  expect(readModuleList(join(top, "none/loaders.cache"), layout)).toBe(undefined);
});
