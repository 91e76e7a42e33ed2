import { describe, expect, it } from "vitest";
import { type Architecture, architectures, entryStateOf } from "../../../../src/patch/architecture/architectures.ts";
import { blobsOf } from "../../../../src/patch/blobs.ts";
import {
  buildStub,
  PARAMETER_BESIDE,
  type StubParameters,
  stubSizeLimit,
} from "../../../../src/patch/stub/encode-stub.ts";

const parameters: StubParameters = {
  path: Buffer.from("/.tool.wrapbuddy"),
  flags: PARAMETER_BESIDE,
  mapSize: 0x12345,
  loaderOffset: 0x480,
};

describe.each(architectures)("a stub of $name", (architecture) => {
  const { stubs } = blobsOf(architecture);

  it("is its code unchanged, the path, and the parameters at an aligned address", () => {
    for (const address of [0x1000n, 0x1004n, 0x1008n, 0x100cn]) {
      const stub = Buffer.from(buildStub(architecture, stubs.beside, parameters, address));
      expect(stub.subarray(0, stubs.beside.length)).toEqual(stubs.beside);
      expect(stub.indexOf("/.tool.wrapbuddy\0")).toBe(stubs.beside.length);
      const size = architecture.elfClass === 64 ? 24 : 16;
      const at = stub.length - size;
      expect((address + BigInt(at)) % BigInt(architecture.parameterAlign)).toBe(0n);
      const little = architecture.byteOrder === "little";
      const view = new DataView(stub.buffer, stub.byteOffset + at);
      expect(view.getUint32(0, little)).toBe(0x12345);
      expect(view.getUint16(4, little)).toBe(PARAMETER_BESIDE);
      expect(view.getUint16(6, little)).toBe(at - stubs.beside.length);
      const word = (offset: number) =>
        architecture.elfClass === 64 ? view.getBigUint64(offset, little) : BigInt(view.getUint32(offset, little));
      expect(word(8)).toBe(0x480n);
      expect(word(architecture.elfClass === 64 ? 16 : 12)).toBe(address + BigInt(at));
    }
  });

  it("is never larger than its limit, which is less than an alignment away", () => {
    const limit = stubSizeLimit(architecture, stubs.absolute, parameters);
    for (let at = 0; at < 64; at += architecture.codeAlign) {
      const { length } = buildStub(architecture, stubs.absolute, parameters, 0x400000n + BigInt(at));
      expect(length).toBeLessThanOrEqual(limit);
      expect(length).toBeGreaterThan(limit - architecture.parameterAlign);
    }
  });

  it("can be jumped to from both sides", () => {
    for (const distance of [-512, 512, 4096]) {
      expect(architecture.encodeJump(distance)).toHaveLength(architecture.jumpSize);
    }
  });

  it("has its loader's code at byte 1024 of loader.bin, after the file's name", () => {
    const { loaderFile, loader } = blobsOf(architecture);
    expect(loaderFile.toString("latin1", 0, 18)).toBe("wrap-buddy loader\n");
    expect(loaderFile.subarray(1024)).toEqual(loader);
  });
});

describe("the jump", () => {
  it("of x86_64 counts from the next instruction", () => {
    const jump = architectures.find(({ name }) => name === "x86_64")?.encodeJump(-0x100);
    expect(Buffer.from(jump ?? []).toString("hex")).toBe("e9fbfeffff");
  });

  it("of aarch64 begins with bti c and counts from the branch", () => {
    const jump = architectures.find(({ name }) => name === "aarch64")?.encodeJump(-0x100);
    expect(Buffer.from(jump ?? []).toString("hex")).toBe("5f2403d5bfffff17");
  });

  it.each([
    ["arm", "beffffea"],
    ["riscv64", "6ff01ff0"],
    ["powerpc64le", "00ffff4b"],
    ["s390x", "c0f4ffffff80"],
    ["loongarch64", "ff03ff53"],
  ])("of %s is one instruction", (name, expected) => {
    const jump = architectures.find((row) => row.name === name)?.encodeJump(-0x100);
    expect(Buffer.from(jump ?? []).toString("hex")).toBe(expected);
  });

  it("of arm in Thumb state is a pair of halfwords that ARMv6 knows", () => {
    const thumb = entryStateOf(architectures.find(({ name }) => name === "arm") as Architecture, 0x1001n);
    expect(Buffer.from(thumb.encodeJump(-0x100) ?? []).toString("hex")).toBe("fff77eff");
    expect(thumb.encodeJump(-0x40_0000)).toBeUndefined();
  });

  it("is refused when it does not reach", () => {
    const aarch64 = architectures.find(({ name }) => name === "aarch64");
    expect(aarch64?.encodeJump(0x1000_0000)).toBeUndefined();
    expect(aarch64?.encodeJump(6)).toBeUndefined();
  });
});
