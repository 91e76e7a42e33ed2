import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOfText, isEscaped, textOfBytes } from "../../../src/base/text.ts";

test("UTF-8 is the string that it says", () => {
  expect(textOfBytes(Buffer.from("/opt/Größe/日本/😀"))).toBe("/opt/Größe/日本/😀");
  expect(isEscaped("/opt/Größe/日本/😀")).toBe(false);
});

test("a byte that is not UTF-8 is a lone surrogate", () => {
  expect(textOfBytes(Uint8Array.of(0x61, 0xff, 0x62))).toBe("a\udcffb");
  expect(isEscaped("a\udcffb")).toBe(true);
});

test("a sequence that is cut short keeps each of its bytes", () => {
  expect(textOfBytes(Uint8Array.of(0xe6, 0x97))).toBe("\udce6\udc97");
});

test("a surrogate written as UTF-8 is not taken for an escaped byte", () => {
  const bytes = Uint8Array.of(0xed, 0xb2, 0x80);
  expect(textOfBytes(bytes)).toBe("\udced\udcb2\udc80");
  expect(new Uint8Array(bytesOfText(textOfBytes(bytes)))).toEqual(bytes);
});

test("any bytes come back as they were", () => {
  const mixed = fc
    .array(
      fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc.string({ unit: "grapheme" }).map((text) => Buffer.from(text)),
      ),
    )
    .map((parts) => Buffer.concat(parts));
  fc.assert(
    fc.property(mixed, (bytes) => {
      expect(Buffer.compare(bytesOfText(textOfBytes(bytes)), bytes)).toBe(0);
    }),
  );
});
