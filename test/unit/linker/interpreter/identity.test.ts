import { describe, expect, test } from "vitest";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { refusalOf } from "../../../../src/linker/interpreter/identity.ts";
import { buildElf, type ElfSpec } from "../../../support/elf/elf-builder.ts";

function headerOf(spec: ElfSpec) {
  return parseElf(bufferSource(buildElf(spec).bytes)).header;
}

const wanted = headerOf({});

describe("refusalOf", () => {
  test("accepts a shared object of the same machine, class and byte order", () => {
    expect(refusalOf(wanted, headerOf({}))).toBeUndefined();
  });

  test("accepts the GNU OS ABI beside System V", () => {
    expect(refusalOf(wanted, headerOf({ osAbi: 3 }))).toBeUndefined();
  });

  test("passes over another machine and goes on", () => {
    expect(refusalOf(wanted, headerOf({ machine: 183 }))).toEqual({ reason: "wrong-machine", stopsLoad: false });
  });

  test("passes over x32, which is the same machine in another class", () => {
    expect(refusalOf(wanted, headerOf({ elfClass: 32, machine: 62 }))).toEqual({
      reason: "wrong-class",
      stopsLoad: false,
    });
  });

  test("ends the load at the big-endian twin", () => {
    expect(refusalOf(headerOf({ machine: 21 }), headerOf({ machine: 21, byteOrder: "big" }))).toEqual({
      reason: "wrong-machine",
      stopsLoad: true,
    });
  });

  test("ends the load at another OS ABI", () => {
    expect(refusalOf(wanted, headerOf({ osAbi: 9 }))).toEqual({ reason: "wrong-machine", stopsLoad: true });
  });

  test("ends the load at an object file and at a fixed-address executable", () => {
    expect(refusalOf(wanted, headerOf({ type: 1 }))).toEqual({ reason: "damaged", stopsLoad: true });
    expect(refusalOf(wanted, headerOf({ type: 2 }))).toEqual({ reason: "executable", stopsLoad: true });
  });

  test("passes over a RISC-V library of another floating-point ABI", () => {
    const double = headerOf({ machine: 243, flags: 0x5 });
    expect(refusalOf(double, headerOf({ machine: 243, flags: 0x4 }))).toBeUndefined();
    expect(refusalOf(double, headerOf({ machine: 243, flags: 0x1 }))).toEqual({
      reason: "wrong-machine",
      stopsLoad: false,
    });
  });
});
