import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Layout } from "../../../../src/elf/codec.ts";
import { checkOf, decodeSidecar, encodeSidecar } from "../../../../src/patch/sidecar/sidecar-codec.ts";
import { encodeExample, exampleSidecar } from "../../../support/simulated/example-sidecar.ts";

const layouts: readonly Layout[] = [
  { elfClass: 64, byteOrder: "little" },
  { elfClass: 64, byteOrder: "big" },
  { elfClass: 32, byteOrder: "little" },
  { elfClass: 32, byteOrder: "big" },
];

describe("a sidecar", () => {
  it.each(layouts)("reads back as it was written: $elfClass-bit, $byteOrder-endian", (layout) => {
    expect(decodeSidecar(layout, encodeExample(layout))).toEqual(exampleSidecar);
  });

  it("begins with the article's 22 bytes in class 64", () => {
    const bytes = encodeExample({ elfClass: 64, byteOrder: "little" });
    expect([bytes.readBigUInt64LE(0), bytes.readBigUInt64LE(8)]).toEqual([0x11a0n, 230n]);
    expect([bytes.readUInt16LE(16), bytes.readUInt16LE(18), bytes.readUInt16LE(20)]).toEqual([83, 34, 14]);
    expect(bytes.subarray(22 + 83 + 34, 22 + 83 + 34 + 230)).toEqual(Buffer.alloc(230, 0x90));
  });

  it("begins with the article's 14 bytes in class 32", () => {
    const bytes = encodeExample({ elfClass: 32, byteOrder: "big" });
    expect([bytes.readUInt32BE(0), bytes.readUInt32BE(4)]).toEqual([0x11a0, 230]);
    expect(bytes.toString("latin1", 14, 14 + 83)).toBe(`${exampleSidecar.interpreter.toString()}\0`);
  });

  it("carries the loader at a multiple of 64 that is at least 1024", () => {
    const result = encodeSidecar({ elfClass: 64, byteOrder: "little" }, exampleSidecar);
    expect(result).toMatchObject({ loaderOffset: 1024 });
    const long = encodeSidecar({ elfClass: 64, byteOrder: "little" }, { ...exampleSidecar, saved: Buffer.alloc(3001) });
    expect("loaderOffset" in long && long.loaderOffset % 64).toBe(0);
  });

  it("is the same for the same input", () => {
    for (const layout of layouts) expect(encodeExample(layout)).toEqual(encodeExample(layout));
  });

  it("refuses a length that does not fit its field", () => {
    const runPath = Buffer.alloc(0xffff, "a");
    expect(encodeSidecar({ elfClass: 64, byteOrder: "little" }, { ...exampleSidecar, runPath })).toEqual({
      field: "run path",
      size: 0x10000,
      limit: 0xffff,
    });
  });
});

describe("a damaged sidecar is refused", () => {
  const layout: Layout = { elfClass: 64, byteOrder: "little" };
  const whole = encodeExample(layout);

  it.each([
    ["it carries the loader", exampleSidecar.loader],
    ["the loader is a file of its own", new Uint8Array(0)],
  ])("when it is cut anywhere and %s", (_title, loader) => {
    const bytes = encodeExample(layout, { loader });
    expect(decodeSidecar(layout, bytes)).toMatchObject({ interpreterCheck: exampleSidecar.interpreterCheck });
    for (let size = 0; size < bytes.length; size++) {
      expect(decodeSidecar(layout, bytes.subarray(0, size)), `${size} bytes`).toHaveProperty("kind");
    }
  });

  it("when a name of any kind has no NUL at its end", () => {
    const { interpreter, runPath, needed, firstNeeded } = exampleSidecar;
    for (const name of [interpreter, runPath, needed.at(-1), firstNeeded.at(-1)]) {
      if (name === undefined) throw new Error("a kind without a name");
      const bytes = Buffer.from(whole);
      bytes.write("x", bytes.indexOf(Buffer.concat([name, Buffer.alloc(1)])) + name.length);
      expect([Buffer.from(name).toString(), decodeSidecar(layout, bytes)]).toEqual([
        Buffer.from(name).toString(),
        { kind: "name-without-nul" },
      ]);
    }
  });

  it("when its interpreter or its run path has a NUL within", () => {
    for (const name of [exampleSidecar.interpreter, exampleSidecar.runPath]) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(0, bytes.indexOf(name) + 4);
      expect(decodeSidecar(layout, bytes)).toEqual({ kind: "name-without-nul" });
    }
  });

  it("when one byte of its numbers is another", () => {
    const extension = whole.indexOf("WRAPBDY");
    const numbers = [...Array(22).keys(), ...[...Array(64).keys()].map((at) => extension + at)];
    for (const at of numbers) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8((bytes.readUInt8(at) + 1) & 0xff, at);
      expect(decodeSidecar(layout, bytes), `byte ${at}`).toHaveProperty("kind");
    }
  });

  it("when it is of another version", () => {
    const bytes = Buffer.from(whole);
    bytes.writeUInt16LE(2, bytes.indexOf("WRAPBDY") + 12);
    expect(decodeSidecar(layout, bytes)).toEqual({ kind: "other-version", version: 2, wanted: 1 });
  });

  it("whatever its bytes, without throwing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.constantFrom(...layouts), (bytes, one) => {
        const decoded = decodeSidecar(one, bytes);
        return "kind" in decoded || decoded.saved.length <= bytes.length;
      }),
      { numRuns: 2000 },
    );
  });
});

describe("native/include/sidecar.h", () => {
  const header = readFileSync(new URL("../../../../native/include/sidecar.h", import.meta.url), "utf8");

  it("has the same numbers as the writer", () => {
    expect(header).toContain("#define EXTENSION_SIZE 64");
    expect(header).toContain("#define EXTENSION_VERSION 1u");
    expect(header).toContain("EXTENSION_BRANCH_PROTECTION = 8");
    expect(header).toContain("EXTENSION_INTERPRETER_BRANCH_PROTECTION = 16");
  });
});

// Source: the FNV reference test vectors (RFC 9923).
it.each([
  ["", 0x811c9dc5],
  ["a", 0xe40c292c],
  ["foobar", 0xbf9cf968],
])("the check of %j is FNV-1a of 32 bits", (text, expected) => {
  expect(checkOf(Buffer.from(text))).toBe(expected);
});
