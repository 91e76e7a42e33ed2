import { expect, test } from "vitest";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { madeFor, madeForBy } from "../../../../src/linker/interpreter/made-for.ts";
import { buildElf, type ElfSpec } from "../../../support/elf/elf-builder.ts";

const wants = (version: string) => [{ file: "libc.so.6", version, isWeak: false }];

test.each([
  ["glibc", ["libm.so.6", "libc.so.6"], []],
  ["glibc", ["ld-linux-x86-64.so.2"], []],
  ["glibc", ["ld64.so.2"], []],
  ["glibc", ["libm.so.6"], []],
  ["glibc", ["libother.so"], wants("GLIBC_2.29")],
  ["musl", ["libstdc++.so.6", "libc.musl-x86_64.so.1"], []],
  ["musl", ["libc.so"], []],
  ["musl", ["ld-musl-aarch64.so.1"], []],
  ["bionic", ["libc.so", "libm.so", "libdl.so"], wants("LIBC")],
  [undefined, ["libz.so.1"], wants("ZLIB_1.2.9")],
  [undefined, [], []],
] as const)("a library is for %s that needs %j and the versions %j", (made, needed, versionNeeds) => {
  expect(madeFor({ needed, versionNeeds })).toBe(made);
});

test.each<[string | undefined, ElfSpec]>([
  ["glibc", { interpreter: "/lib64/ld-linux-x86-64.so.2", needed: ["libc.so.6"] }],
  ["musl", { interpreter: "/lib/ld-musl-x86_64.so.1", needed: ["libc.so"] }],
  ["musl", { interpreter: "/lib/ld-musl-x86_64.so.1", needed: ["libc.so.6"] }],
  ["musl", { interpreter: "/opt/own/loader", needed: ["libc.musl-x86_64.so.1"] }],
  ["glibc", { interpreter: "/opt/own/loader", needed: [] }],
  ["musl", { interpreter: null, needed: ["ld-musl-x86_64.so.1"] }],
  [
    "bionic",
    { interpreter: null, needed: ["libc.so"], versionNeeds: [{ file: "libc.so", versions: [{ name: "LIBC" }] }] },
  ],
  [undefined, { interpreter: null, needed: ["libz.so.1"] }],
])("a file is for %s that is %o", (made, spec) => {
  expect(madeForBy(parseElf(bufferSource(buildElf(spec).bytes)))).toBe(made);
});
