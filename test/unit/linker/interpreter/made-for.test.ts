import { expect, test } from "vitest";
import { madeFor } from "../../../../src/linker/interpreter/made-for.ts";

const wants = (version: string) => [{ file: "libc.so.6", version, isWeak: false }];

test.each([
  ["glibc", ["libm.so.6", "libc.so.6"], []],
  ["glibc", ["ld-linux-x86-64.so.2"], []],
  ["glibc", ["ld64.so.2"], []],
  ["glibc", ["libm.so.6"], wants("GLIBC_2.29")],
  ["musl", ["libstdc++.so.6", "libc.musl-x86_64.so.1"], []],
  ["musl", ["libc.so"], []],
  ["musl", ["ld-musl-aarch64.so.1"], []],
  ["bionic", ["libc.so", "libm.so", "libdl.so"], wants("LIBC")],
  [undefined, ["libz.so.1"], wants("ZLIB_1.2.9")],
  [undefined, [], []],
] as const)("a library is for %s that needs %j and the versions %j", (made, needed, versionNeeds) => {
  expect(madeFor({ needed, versionNeeds })).toBe(made);
});
