import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseElf } from "../../../src/elf/file.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { appendedSize } from "../../../src/hook/payload.ts";
import { findUnstrippable } from "../../../src/hook/unstrippable.ts";
import { buildElf, type ElfSpec } from "../../support/elf-builder.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const payload = new Uint8Array(1000).fill(0x42);

describe("the bytes behind an executable", () => {
  test.each<[string, ElfSpec]>([
    ["64-bit", {}],
    ["32-bit", { elfClass: 32, machine: 3 }],
    ["big-endian", { machine: 22, byteOrder: "big" }],
  ])("%s are counted", (_what, spec) => {
    const plain = parseElf(bufferSource(buildElf(spec).bytes));
    const appended = parseElf(bufferSource(buildElf({ ...spec, payload }).bytes));
    expect([appendedSize(plain), appendedSize(appended)]).toEqual([0, payload.length]);
  });

  test("without section headers are those behind the last segment", () => {
    const stripped = buildElf({ sections: false, payload });
    const elf = parseElf(bufferSource(stripped.bytes));
    const end = Math.max(...elf.programHeaders.map(({ offset, fileSize }) => offset + fileSize));
    expect(appendedSize(elf)).toBe(stripped.bytes.length - end);
  });
});

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
      { path: `${root}/bin/bundle`, pattern: "bin/bundle", appended: payload.length },
      { path: `${root}/bin/static`, pattern: "bin/static", appended: payload.length },
    ]);
  });

  test("characters that patterns know are meant as they are", () => {
    const root = output({ "a[1]*?\\b": buildElf({ payload }).bytes });
    expect(findUnstrippable([root]).map(({ pattern }) => pattern)).toEqual(["bin/a\\[1]\\*\\?\\\\b"]);
  });
});
