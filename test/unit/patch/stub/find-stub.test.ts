import { describe, expect, it } from "vitest";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { architectures } from "../../../../src/patch/architecture/architectures.ts";
import { blobsOf } from "../../../../src/patch/blobs.ts";
import {
  buildStub,
  PARAMETER_BESIDE,
  PARAMETER_SIDECAR_APART,
  type StubParameters,
} from "../../../../src/patch/stub/encode-stub.ts";
import { type FoundStub, findStub } from "../../../../src/patch/stub/find-stub.ts";
import { addressOfPart, buildElf, type ElfSpec, offsetOfPart, withField } from "../../../support/elf/elf-builder.ts";

const beside: StubParameters = {
  path: Buffer.from("/.tool.wrapbuddy"),
  flags: PARAMETER_BESIDE,
  mapSize: 5000,
  loaderOffset: 1024,
};
const apart: StubParameters = {
  path: Buffer.from("/nix/store/x/loader.bin"),
  flags: PARAMETER_SIDECAR_APART,
  mapSize: 4000,
  loaderOffset: 1024,
  sidecar: Buffer.from("/nix/store/y/bin/.tool.wrapbuddy"),
};

/** Puts a stub into the code of an executable, so many bytes from the entry point, or any other bytes. */
function withCode(format: ElfSpec, from: number, bytesAt: (address: bigint) => Uint8Array): FoundStub | undefined {
  const entryOffset = 9000;
  const elf = buildElf({ ...format, code: new Uint8Array(18000).fill(0x90), entryOffset });
  const at = entryOffset + from;
  const bytes = elf.bytes.slice();
  bytes.set(bytesAt(addressOfPart(elf, ".text") + BigInt(at)), offsetOfPart(elf, ".text") + at);
  return findStub(parseElf(bufferSource(bytes)));
}

describe.each(architectures)("in an executable of $name", (architecture) => {
  const { machine, elfClass, byteOrder } = architecture;
  const format = { machine, elfClass, byteOrder };
  const { stubs } = blobsOf(architecture);

  it("a stub at the entry point is found, and what it names", () => {
    const found = withCode(format, 0, (address) => buildStub(architecture, stubs.beside, beside, address));
    expect(found).toMatchObject({ flags: PARAMETER_BESIDE, mapSize: 5000, loaderOffset: 1024n });
    expect(Buffer.from(found?.sidecar ?? []).toString()).toBe("/.tool.wrapbuddy");
  });

  it("one with a shared loader is found, and its sidecar apart", () => {
    const found = withCode(format, 0, (address) => buildStub(architecture, stubs.absolute, apart, address));
    expect(Buffer.from(found?.path ?? []).toString()).toBe("/nix/store/x/loader.bin");
    expect(Buffer.from(found?.sidecar ?? []).toString()).toBe("/nix/store/y/bin/.tool.wrapbuddy");
  });

  it.each([beside, apart])("one that ends just before the entry point is found", (parameters) => {
    const code = parameters === apart ? stubs.absolute : stubs.beside;
    const size = buildStub(architecture, code, parameters, 0n).length;
    const from = -size - architecture.parameterAlign;
    const found = withCode(format, from - (from % 4), (address) => buildStub(architecture, code, parameters, address));
    expect(found?.mapSize).toBe(parameters.mapSize);
  });

  it.each([beside, apart])("one among hundreds of names like its sidecar's is found", (parameters) => {
    const code = parameters === apart ? stubs.absolute : stubs.beside;
    const names = Buffer.alloc(800 * 11, ".wrapbuddy\0");
    const found = withCode(format, -names.length, (address) =>
      Buffer.concat([names, buildStub(architecture, code, parameters, address + BigInt(names.length)), names]),
    );
    expect(found?.mapSize).toBe(parameters.mapSize);
  });

  it("a stub that stands elsewhere than it was made for is none", () => {
    const found = withCode(format, 0, (address) => buildStub(architecture, stubs.beside, beside, address + 0x1000n));
    expect(found).toBeUndefined();
  });
});

it.each(["cannot load ", "/.tool.wrapbuddy\0", "cannot load /proc/self/exe\0/.tool.wrapbuddy\0 and further text"])(
  "a text like a stub's is none: %j",
  (text) => {
    expect(withCode({}, 0, () => Buffer.from(text))).toBeUndefined();
  },
);

it("one whose Thumb entry point is the last byte of its segment is found", () => {
  const arm = architectures.find(({ name }) => name === "arm");
  if (arm === undefined) throw new Error("no arm");
  const { machine, elfClass, byteOrder } = arm;
  const elf = buildElf({ machine, elfClass, byteOrder, code: new Uint8Array(1) });
  const bytes = elf.bytes.slice();
  const entry = Buffer.from(bytes.buffer, bytes.byteOffset + 0x18, 4);
  entry.writeUInt32LE(entry.readUInt32LE() + 1);
  const stubs = blobsOf(arm).flaggedStubs;
  if (stubs === undefined) throw new Error("no stub for Thumb");
  bytes.set(buildStub(arm, stubs.beside, beside, addressOfPart(elf, ".text")), offsetOfPart(elf, ".text"));
  expect(findStub(parseElf(bufferSource(bytes)))?.mapSize).toBe(beside.mapSize);
});

it("a damaged file whose code is not there has none", () => {
  const elf = buildElf();
  const bytes = withField(elf, "PT_LOAD[1].p_offset", elf.bytes.length + 0x1000);
  expect(findStub(parseElf(bufferSource(bytes)))).toBeUndefined();
});
