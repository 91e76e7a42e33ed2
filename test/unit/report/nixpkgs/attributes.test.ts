import { expect, test } from "vitest";
import { nixpkgsAttributes } from "../../../../src/report/nixpkgs/attributes.ts";
import { desktop } from "../../../../src/report/nixpkgs/desktop.ts";
import { graphics } from "../../../../src/report/nixpkgs/graphics.ts";
import { media } from "../../../../src/report/nixpkgs/media.ts";
import { data } from "../../../../src/report/nixpkgs/networks-and-data.ts";
import { runtime } from "../../../../src/report/nixpkgs/system.ts";

test("the table has at least 150 libraries", () => {
  expect(nixpkgsAttributes.size).toBeGreaterThanOrEqual(150);
});

test("every key is the name of a shared library", () => {
  const odd = [...nixpkgsAttributes.keys()].filter((soname) => !/^lib[A-Za-z0-9_+.-]+\.so(\.\d+)*$/.test(soname));
  expect(odd).toEqual([]);
});

test("every value is an attribute path", () => {
  const odd = [...nixpkgsAttributes.values()].filter(
    (attribute) => !/^[a-zA-Z_][\w-]*(\.[a-zA-Z_][\w-]*)*$/.test(attribute),
  );
  expect(odd).toEqual([]);
});

test.each([
  ["libstdc++.so.6", "stdenv.cc.cc.lib"],
  ["libz.so.1", "zlib"],
  ["libX11.so.6", "xorg.libX11"],
  ["libnss3.so", "nss"],
  ["libnspr4.so", "nspr"],
  ["libasound.so.2", "alsa-lib"],
  ["libgbm.so.1", "libgbm"],
  ["libcups.so.2", "cups"],
  ["libssl.so.3", "openssl"],
])("%s is in %s", (soname, attribute) => {
  expect(nixpkgsAttributes.get(soname)).toBe(attribute);
});

test("what nixpkgs has dropped is not named", () => {
  expect(nixpkgsAttributes.get("libssl.so.1.1")).toBeUndefined();
});

test("no library stands in it twice", () => {
  const tables = [runtime, graphics, desktop, media, data];
  const sonames = tables.flatMap((table) => Object.values(table)).flatMap((names) => names.split(" "));
  expect(sonames.filter((name, at) => sonames.indexOf(name) !== at)).toEqual([]);
  expect(new Set(tables.flatMap((table) => Object.keys(table))).size).toBe(
    tables.flatMap((table) => Object.keys(table)).length,
  );
});
