import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SHT_NOBITS } from "../../../src/elf/constants.ts";
import type { ElfFile } from "../../../src/elf/elf-file.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bytesOutsideSections } from "../../../src/elf/payload.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { findUnstrippable } from "../../../src/hook/unstrippable.ts";
import { compile, helloSource } from "../../support/compiled/compile.ts";
import { buildElf, type ElfSpec } from "../../support/elf/elf-builder.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const payload = new Uint8Array(1000).fill(0x42);

function outside(bytes: Uint8Array): number {
  return bytesOutsideSections(parseElf(bufferSource(bytes)));
}

describe("bytes outside the sections of an executable", () => {
  test.each<[string, ElfSpec]>([
    ["64-bit", {}],
    ["32-bit", { elfClass: 32, machine: 3 }],
    ["big-endian", { machine: 22, byteOrder: "big" }],
  ])("are found behind the last one (%s)", (_what, spec) => {
    expect([outside(buildElf(spec).bytes), outside(buildElf({ ...spec, payload }).bytes)]).toEqual([0, payload.length]);
  });

  test.each([
    ["zeros", 0],
    ["what patchelf leaves behind", 0x58],
  ])("do not count where they are %s", (_what, byte) => {
    expect(outside(buildElf({ payload: new Uint8Array(100_000).fill(byte) }).bytes)).toBe(0);
  });

  test("count behind the last segment where there are no section headers", () => {
    const stripped = buildElf({ sections: false, payload });
    const { programHeaders } = parseElf(bufferSource(stripped.bytes));
    const end = Math.max(...programHeaders.map(({ offset, fileSize }) => offset + fileSize));
    expect(outside(stripped.bytes)).toBe(stripped.bytes.length - end);
  });

  test("are found between two sections of a data segment, and not where code is", async () => {
    const file = await compile(join(temporaryDirectory(), "program"), { files: helloSource });
    const bytes = new Uint8Array(readFileSync(file));
    expect(outside(bytes)).toBe(0);
    const elf = parseElf(bufferSource(bytes));
    for (const { name, found } of [
      { name: ".init_array", found: true },
      { name: ".text", found: false },
    ]) {
      const changed = withoutSection(bytes, elf, name);
      expect(outside(changed) > 0).toBe(found);
    }
  });
});

/** The file with one section header made SHT_NOBITS: its bytes stay, and belong to no section any more. */
function withoutSection(bytes: Uint8Array, elf: ElfFile, name: string): Uint8Array {
  const section = elf.sections().find((each) => each.name === name);
  if (section === undefined) throw new Error(`no section ${name}`);
  const copy = bytes.slice();
  const sizes = { header: 64, type: 4 };
  new DataView(copy.buffer).setUint32(
    elf.header.sectionHeaderOffset + section.index * sizes.header + sizes.type,
    SHT_NOBITS,
    true,
  );
  return copy;
}

describe("among the files of the outputs", () => {
  function output(files: Readonly<Record<string, Uint8Array>>): string {
    const root = temporaryDirectory();
    mkdirSync(join(root, "bin"));
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, "bin", name), bytes);
    return root;
  }

  test("those with something appended are found, by their path below the output", () => {
    const root = output({
      plain: buildElf({}).bytes,
      bundle: buildElf({ payload }).bytes,
      static: buildElf({ interpreter: null, dynamic: false, type: 2, payload }).bytes,
      "object.o": buildElf({ type: 1, interpreter: null, payload }).bytes,
      damaged: buildElf({ payload }).bytes.slice(0, 80),
      script: Buffer.from("#!/bin/sh\n"),
    });
    expect(findUnstrippable([root])).toEqual([
      { path: `${root}/bin/bundle`, pattern: "bin/bundle", bytes: payload.length },
      { path: `${root}/bin/static`, pattern: "bin/static", bytes: payload.length },
    ]);
  });

  test("characters that patterns know are meant as they are", () => {
    const root = output({ "a[1]*?\\b": buildElf({ payload }).bytes });
    expect(findUnstrippable([root]).map(({ pattern }) => pattern)).toEqual(["bin/a\\[1]\\*\\?\\\\b"]);
  });
});
