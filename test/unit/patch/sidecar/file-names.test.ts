import { expect, test } from "vitest";
import {
  copyPathOf,
  executableOf,
  isLeftoverName,
  isSidecarName,
  newSidecarPathOf,
  passingSidecarName,
  secondCopyPathOf,
  sidecarPathOf,
} from "../../../../src/patch/sidecar/file-names.ts";

test("a sidecar lies beside its executable, and is named after it", () => {
  expect(sidecarPathOf("/a/tool")).toBe("/a/.tool.wrapbuddy");
  expect(executableOf("/a/.tool.wrapbuddy")).toBe("/a/tool");
});

test.each([
  [".tool.wrapbuddy", true],
  [".t.wrapbuddy", true],
  [".wrapbuddy", false],
  ["..wrapbuddy", false],
  ["tool.wrapbuddy", false],
  [".tool.wrapbuddy~", false],
])("%s is a sidecar's name: %s", (name, expected) => {
  expect(isSidecarName(name)).toBe(expected);
});

test("what a stopped run leaves behind is known by its name, and nothing else is", () => {
  const left = [newSidecarPathOf("/.tool.wrapbuddy"), copyPathOf("/tool"), secondCopyPathOf("/tool")];
  expect(left).toEqual(["/.tool.wrapbuddy~", "/.tool.wrapbuddy+", "/.tool.wrapbuddy-"]);
  const names = [...left.map((path) => path.slice(1)), "tool.wrapbuddy~", ".tool.wrapbuddy", ".tool.wrapbuddyx", ".a~"];
  expect(names.map(isLeftoverName)).toEqual([true, true, true, false, false, false, false]);
});

test.each([
  ["", ".too~.wrapbuddy"],
  ["~", ".too0.wrapbuddy"],
  ["~0", ".too1.wrapbuddy"],
])("another name of as many bytes, where those with %j are taken", (taken, expected) => {
  const isTaken = (name: string): boolean => [...taken].some((one) => name === `.too${one}.wrapbuddy`);
  expect(passingSidecarName(".tool.wrapbuddy", isTaken)).toBe(expected);
});

test("where all names with another last character are taken the last two are replaced, and a name of one has no more", () => {
  const isTaken = (name: string): boolean => /^\.to?o?.\.wrapbuddy$/.test(name) && !name.startsWith(".to~");
  expect(passingSidecarName(".tool.wrapbuddy", (name) => name.startsWith(".too"))).toBe(".to~~.wrapbuddy");
  expect(passingSidecarName(".t.wrapbuddy", () => true)).toBeUndefined();
  expect(passingSidecarName(".t.wrapbuddy", isTaken)).toBe(".~.wrapbuddy");
});

test("a last character of several bytes is replaced by as many", () => {
  const name = passingSidecarName(".to\u00fcl\u20ac.wrapbuddy", () => false) ?? "";
  expect(Buffer.byteLength(name)).toBe(Buffer.byteLength(".to\u00fcl\u20ac.wrapbuddy"));
  expect(name.startsWith(".to\u00fcl~~")).toBe(true);
});
