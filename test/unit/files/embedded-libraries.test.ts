import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { embeddedLibraries } from "../../../src/files/embedded-libraries.ts";
import { buildElf, type ElfSpec } from "../../support/elf/elf-builder.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const library: ElfSpec = { interpreter: null, soname: "addon.node", needed: ["libstdc++.so.6"] };

/** What is found in an executable with these parts after it, and where the first part begins. */
function found(parts: readonly Uint8Array[], executable: ElfSpec = {}) {
  const payload = Buffer.concat(parts);
  const { bytes } = buildElf({ ...executable, payload });
  const path = join(temporaryDirectory(), "program");
  writeFileSync(path, bytes);
  return { libraries: embeddedLibraries(path, parseElf(bufferSource(bytes))), start: bytes.length - payload.length };
}

describe("the libraries inside an executable", () => {
  test("are none where it has no payload", () => {
    expect(found([]).libraries).toEqual([]);
  });

  test.each<[string, ElfSpec]>([
    ["64-bit", {}],
    ["32-bit", { elfClass: 32, machine: 3 }],
    ["big-endian", { machine: 22, byteOrder: "big" }],
  ])("are found at whatever offset, each with what it needs (%s)", (_what, spec) => {
    const { bytes } = buildElf({ ...library, ...spec });
    const { libraries, start } = found([new Uint8Array(7).fill(1), bytes, bytes], spec);
    expect(libraries).toMatchObject([
      { offset: start + 7, facts: { soname: "addon.node", needed: ["libstdc++.so.6"] } },
      { offset: start + 7 + bytes.length },
    ]);
  });

  test("are found where the search goes on in another piece of the file", () => {
    const { bytes } = buildElf(library);
    for (let before = 0x3ffe0; before <= 0x40008; before += 3) {
      const { libraries, start } = found([new Uint8Array(before).fill(1), bytes]);
      expect(libraries.map(({ offset }) => offset - start)).toEqual([before]);
    }
  });

  test("are not executables, libraries of another machine, or what only begins like one", () => {
    const { bytes } = buildElf(library);
    const others = [
      buildElf({ needed: ["libc.so.6"] }).bytes,
      buildElf({ ...library, machine: 183 }).bytes,
      bytes.subarray(0, 200),
      Buffer.from("\x7fELF".repeat(2000), "latin1"),
    ];
    for (const other of others) expect(found([other]).libraries).toEqual([]);
  });
});
