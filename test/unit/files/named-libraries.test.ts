import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { namedLibraries } from "../../../src/files/named-libraries.ts";
import { compile, lld, type Source } from "../../support/compiled/compile.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** Names of libraries, and what only looks like one. */
const names = [
  ...[
    "cannot open libsentence.so.1",
    "libudev.so.1",
    "libudev.so.0",
    "libgtk-3.so.0",
    "libstdc++-v3.so",
    "libpython3.11.so.1.0",
  ],
  ...["/usr/lib/libpath.so.1", "libicuuc.so%s", "libssl.so.%d", "libssl.so.", "a/libword.so.1", "libtail.so.1x"],
  ...["plug-in.so", "libsocket", "lib.sorted", `lib${"long".repeat(20)}.so.1`],
];
const opening: Source["files"] = {
  "opens.c": `#include <dlfcn.h>
const char *const names[] = { ${names.map((name) => JSON.stringify(name)).join(", ")} };
int main(int count, char **words) { return dlopen(names[count], RTLD_NOW) == words; }
`,
};

/** Its names without those of its needed entries, which stand in a segment with its constants. */
function namesIn(path: string): readonly string[] {
  const elf = parseElf(bufferSource(readFileSync(path)));
  const needed = elf.dynamic()?.needed ?? [];
  return [...namedLibraries(path, elf)].filter((name) => !needed.includes(name)).sort();
}

/** Without its section header table: e_shoff, e_shnum and e_shstrndx are 0. */
function withoutSections(path: string): string {
  const bytes = readFileSync(path);
  const [offset, size, counts] = bytes[4] === 2 ? [0x28, 8, 0x3c] : [0x20, 4, 0x30];
  bytes.fill(0, offset, offset + size).fill(0, counts, counts + 4);
  writeFileSync(path, bytes);
  return path;
}

describe.each<[string, Omit<Source, "files">]>([
  ["of 64 bits", {}],
  ["linked by lld", lld],
  ["whose constants stand with its code", { flags: ["-O2", "-Wl,-z,noseparate-code"] }],
  ["of 32 bits", { compiler: "arm-linux-gnueabihf-gcc" }],
  ["of a big-endian machine", { compiler: "s390x-linux-gnu-gcc" }],
])("an executable %s", (_what, how) => {
  const expected = [
    "libgtk-3.so.0",
    "libpython3.11.so.1.0",
    "libsentence.so.1",
    "libstdc++-v3.so",
    "libudev.so.0",
    "libudev.so.1",
  ];

  test("has the whole names among its constants, and nothing that is none", async () => {
    const program = await compile(join(temporaryDirectory(), "program"), { files: opening, ...how });
    expect(namesIn(program)).toEqual(expected);
  });

  test("has them without a section header table", async () => {
    const program = await compile(join(temporaryDirectory(), "program"), { files: opening, ...how });
    expect(namesIn(withoutSections(program))).toEqual(expected);
  });
});

test("a name is found wherever it lies among the constants", async () => {
  // 16 bytes each, so that some lie across every border that is read up to.
  const many = Array.from({ length: 40_000 }, (_, number) => `lib${String(number).padStart(5, "0")}.so.42`);
  const constants = ["int one;", ...many.map((name) => `asm(".section .rodata\\n.asciz \\"${name}\\"");`)];
  const files = {
    "many.c": `#include <dlfcn.h>
${constants.join("\n")}
int main(int count, char **words) { return dlopen(words[count], RTLD_NOW) == words; }
`,
  };
  const program = await compile(join(temporaryDirectory(), "program"), { files });
  expect(namesIn(program)).toEqual(many);
});

test("a file full of what names end in takes seconds, and not minutes", async () => {
  const files = {
    "full.c": `#include <dlfcn.h>
asm(".section .rodata\\n.rept 2000000\\n.ascii \\".so.\\"\\n.endr\\n.byte 0\\n.asciz \\"libudev.so.1\\"");
int main(int count, char **words) { return dlopen(words[count], RTLD_NOW) == words; }
`,
  };
  const program = await compile(join(temporaryDirectory(), "program"), { files });
  expect(namesIn(program)).toEqual(["libudev.so.1"]);
}, 15_000);

test("an executable that opens nothing itself has none", async () => {
  const files = {
    "names.c": `#include <stdio.h>
int main(void) { return puts("libudev.so.1") < 0; }
`,
  };
  const program = await compile(join(temporaryDirectory(), "program"), { files });
  expect(readFileSync(program).includes("libudev.so.1\0")).toBe(true);
  expect(namesIn(program)).toEqual([]);
});

test("a file that has gone has none", () => {
  const elf = parseElf(bufferSource(readFileSync("/bin/sh")));
  expect(namedLibraries("/nowhere", elf)).toEqual([]);
});
