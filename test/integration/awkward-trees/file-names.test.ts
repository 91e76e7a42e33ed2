// File names with whatever a file name can have: the program is wrapped, starts, and is restored.

import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { type AwkwardTree, createAwkwardTree, hello } from "./awkward-tree.ts";

let tree: AwkwardTree;
beforeEach(() => {
  tree = createAwkwardTree();
});

describe("a file name", () => {
  it.each<readonly [title: string, name: string | Buffer]>([
    ["spaces", "  a tool "],
    ["newlines", "two\nlines\n"],
    ["bytes that are not UTF-8", Buffer.from([0x74, 0xff, 0xfe, 0x80, 0x6c])],
    ["half a UTF-8 character", Buffer.from([0x74, 0xc3])],
    ["a leading hyphen", "-v"],
    ["what a pattern is made of", "[*]?{a,b}"],
    ["what a dynamic linker expands", "$ORIGIN:$LIB;"],
    ["control characters", "\u001b[31mred\u0007\t\\"],
  ])("with %s is that of a program that is wrapped, starts, and is restored", async (_, name) => {
    const before = await tree.program(name);
    const path = Buffer.concat([Buffer.from(`${tree.root}/`), Buffer.from(name)]);
    expect(await tree.start(name)).not.toEqual(hello);
    const ran = await tree.wrap([tree.root]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    // What is printed cannot take over the terminal.
    expect(ran.stdout).not.toContain("\u001b");
    expect(await tree.start(name)).toEqual(hello);
    expect(await tree.command(["verify", tree.root])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await tree.command(["unwrap", tree.root])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
