// Damaged ELF files and files of no size: the whole command line goes on, wraps what it can, changes nothing else, and says
// why. What is named and cannot be wrapped is an error.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { buildElf, withField } from "../../support/elf/elf-builder.ts";
import { type AwkwardTree, createAwkwardTree, hello } from "./awkward-tree.ts";

/** Bytes of the file header. */
const header = 64;
const good = buildElf({ needed: ["libc.so.6"], notes: [{ name: "GNU", type: 5, description: new Uint8Array(16) }] });

let tree: AwkwardTree;
beforeEach(() => {
  tree = createAwkwardTree();
});

describe("damaged ELF files", () => {
  const damaged: Record<string, Uint8Array> = {
    "a table after the end": withField(good, "ehdr.e_phoff", 1n << 40n),
    "more headers than bytes": withField(good, "ehdr.e_phnum", 0xfffe),
    "headers of another size": withField(good, "ehdr.e_phentsize", 1),
    "a segment after the end": withField(good, "PT_LOAD[1].p_offset", 1n << 40n),
    "more bytes than memory": withField(good, "PT_LOAD[1].p_memsz", 1),
    "around the address space": withField(good, "PT_LOAD[1].p_vaddr", (1n << 64n) - 16n),
    "a name without end": withField(good, "PT_INTERP.p_filesz", 5),
    "a name of no bytes": withField(good, "PT_INTERP.p_filesz", 0),
    "strings nowhere": withField(good, "DT_STRTAB.d_un", 0x99_0000n),
    "cut off": good.bytes.subarray(0, 0x1000),
    "a class there is none of": withField(good, "ehdr.EI_CLASS", 3),
  };

  it("in a tree are skipped, each with its reason, and what is whole is wrapped and starts", async () => {
    await tree.program("tool");
    for (const [name, bytes] of Object.entries(damaged)) writeFileSync(tree.at(name), bytes);
    expect(await tree.start("tool")).not.toEqual(hello);
    const reasons = await tree.wrapAndExplain();
    expect(Object.keys(reasons).sort()).toEqual(Object.keys(damaged).sort());
    expect([...new Set(Object.values(reasons))]).toEqual(["damaged"]);
    expect(await tree.start("tool")).toEqual(hello);
    for (const [name, bytes] of Object.entries(damaged)) expect(readFileSync(tree.at(name)).equals(bytes)).toBe(true);
    expect(await tree.command(["inspect", tree.root])).toMatchObject({ exitCode: 0 });
    expect(await tree.command(["verify", tree.root])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await tree.command(["unwrap", tree.root])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(existsSync(tree.at(".tool.wrapbuddy"))).toBe(false);
  });

  it.each(["wrap", "inspect", "verify"])("that are named are errors, all of them, of %s", async (command) => {
    await tree.program("tool");
    const paths = Object.keys(damaged).map((name) => tree.at(name));
    for (const [name, bytes] of Object.entries(damaged)) writeFileSync(tree.at(name), bytes);
    const words = [...paths, tree.at("tool")];
    const ran = command === "wrap" ? await tree.wrap(words) : await tree.command([command, ...words]);
    expect(ran.exitCode).toBe(1);
    const named = tree.shown(ran.stderr).match(/^wrap-buddy: error: TREE\/[^:]+/gm) ?? [];
    const errors = new Set(named.map((line) => line.replace("wrap-buddy: error: TREE/", "")));
    for (const name of Object.keys(damaged)) expect(errors).toContain(name);
    expect(existsSync(tree.at(".tool.wrapbuddy"))).toBe(false);
  });

  it("that are named are told of by unwrap, and what is wrapped is restored", async () => {
    const before = await tree.program("tool");
    for (const [name, bytes] of Object.entries(damaged)) writeFileSync(tree.at(name), bytes);
    expect(await tree.wrap([tree.at("tool")])).toMatchObject({ exitCode: 0 });
    const ran = await tree.command(["unwrap", ...Object.keys(damaged).map(tree.at), tree.at("tool")]);
    expect(ran.exitCode).toBe(1);
    for (const name of Object.keys(damaged)) expect(ran.stdout + ran.stderr).toContain(tree.at(name));
    expect(readFileSync(tree.at("tool")).equals(before)).toBe(true);
    expect(existsSync(tree.at(".tool.wrapbuddy"))).toBe(false);
  });
});

describe("files of 0 to 63 bytes", () => {
  const sizes = [...Array(header).keys()];
  const name = (size: number): string => `${size}-bytes`;

  it("in a tree are left alone, whatever they begin with", async () => {
    await tree.program("tool");
    const whole = readFileSync(tree.at("tool"));
    for (const size of sizes) writeFileSync(tree.at(name(size)), whole.subarray(0, size));
    for (const size of sizes) writeFileSync(tree.at(`other-${size}`), Buffer.alloc(size, 0x7f));
    expect(await tree.wrap([tree.root])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await tree.start("tool")).toEqual(hello);
    for (const size of sizes) expect(readFileSync(tree.at(name(size))).equals(whole.subarray(0, size))).toBe(true);
  });

  it("that are named are errors", async () => {
    for (const size of sizes) writeFileSync(tree.at(name(size)), good.bytes.subarray(0, size));
    const ran = await tree.wrap(["-v", ...sizes.map((size) => tree.at(name(size)))]);
    expect(ran.exitCode).toBe(1);
    const errors = tree.shown(ran.stderr).match(/^wrap-buddy: error: .*$/gm) ?? [];
    expect(errors).toHaveLength(header);
    const kinds = new Set(errors.map((line) => line.replaceAll(/0x[0-9a-f]+|\d+-bytes/g, "N")));
    expect([...kinds]).toMatchInlineSnapshot(`
      [
        "wrap-buddy: error: TREE/N: file header at N: its end N is past the end of the file (N)",
        "wrap-buddy: error: TREE/N: not an ELF file: it is empty",
        "wrap-buddy: error: TREE/N: not an ELF file",
      ]
    `);
  });
});
