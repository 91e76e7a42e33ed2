import { expect, test } from "vitest";
import { decodeHandover, recordString, recordValues } from "../../../src/hook/handover.ts";

function encode(...fields: readonly string[]): Buffer {
  return Buffer.from(fields.map((field) => `${field}\0`).join(""));
}

test("every record has its name, kind and values", () => {
  const handover = decodeHandover(
    encode("flags", "list", "2", "a b", "", "name", "string", "1", "x", "none", "list", "0"),
  );
  expect([...handover]).toEqual([
    ["flags", { kind: "list", values: ["a b", ""] }],
    ["name", { kind: "string", values: ["x"] }],
    ["none", { kind: "list", values: [] }],
  ]);
});

test("bytes that are not UTF-8 and newlines in values survive", () => {
  const bytes = Buffer.concat([encode("path", "string", "1").subarray(0), Buffer.from([0x2f, 0xff, 0x0a, 0])]);
  expect(recordString(decodeHandover(bytes), "path")).toBe("/\udcff\n");
});

test.each([
  ["a value that is not there", encode("flags", "list", "2", "a")],
  ["a kind that does not exist", encode("flags", "tree", "1", "a")],
  ["an end without a NUL", Buffer.from("flags\0list\x000\0x")],
  ["a count that is no number", encode("flags", "list", "many", "a")],
])("a hand-over with %s is a bug", (_what, bytes) => {
  expect(() => decodeHandover(bytes)).toThrow(/hand-over/);
});

test("asking for a record that is not there is a bug", () => {
  expect(() => recordValues(new Map(), "outputs")).toThrow('the hand-over has no record "outputs"');
});
