import { describe, expect, test } from "vitest";
import { judgeHead } from "../../../../src/files/kind/header-verdict.ts";
import { buildElf, withField } from "../../../support/elf/elf-builder.ts";

const facts = { supported: [{ machine: 62, elfClass: 64, byteOrder: "little" }] as const };
const good = buildElf({ needed: ["libc.so.6"] });

function judge(bytes: Uint8Array) {
  return judgeHead(bytes.subarray(0, 64), bytes.length, facts);
}

test("the first 64 bytes of an executable decide nothing yet", () => {
  expect(judge(good.bytes)).toBeUndefined();
});

describe("the first 64 bytes are enough to leave a file alone", () => {
  test("that is empty", () => {
    expect(judge(new Uint8Array(0))).toEqual({ kind: "skipped", reason: "empty" });
  });

  test("that is not ELF", () => {
    expect(judge(new TextEncoder().encode("#!/bin/sh\n"))).toEqual({ kind: "skipped", reason: "not-elf" });
  });

  test.each([4, 16, 51, 63])("that is ELF and ends after %i bytes", (length) => {
    expect(judge(good.bytes.subarray(0, length))).toMatchObject({
      reason: "damaged",
      defect: { kind: "past-end-of-file", size: length },
    });
  });

  test.each([1, 2])("that is an AppImage of type %i", (type) => {
    const bytes = good.bytes.slice();
    bytes.set([0x41, 0x49, type], 8);
    expect(judge(bytes)).toEqual({ kind: "skipped", reason: "appimage", detail: `type ${type}` });
  });

  test("that is an object file", () => {
    expect(judge(withField(good, "ehdr.e_type", 1))).toMatchObject({ reason: "object-file" });
  });

  test("that is for another machine", () => {
    expect(judge(withField(good, "ehdr.e_machine", 8))).toMatchObject({ reason: "other-machine" });
  });

  test("that is for another system", () => {
    expect(judge(withField(good, "ehdr.EI_OSABI", 9))).toMatchObject({ reason: "other-os-abi", detail: "FreeBSD" });
  });
});
