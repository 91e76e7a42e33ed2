import { describe, expect, test } from "vitest";
import {
  expandOrigin,
  expandTokens,
  hasOnlyOriginTokens,
  hasTokens,
  isExpressible,
} from "../../../../src/linker/search/tokens.ts";

const values = { origin: "/opt/app", lib: "lib64", platform: "x86_64" };
const braces = (name: string) => `\${${name}}`;

describe("expandTokens", () => {
  test.each([
    ["$ORIGIN/lib", "/opt/app/lib"],
    [`${braces("ORIGIN")}/lib`, "/opt/app/lib"],
    [`${braces("ORIGIN")}al`, "/opt/appal"],
    ["/usr/$LIB/$PLATFORM", "/usr/lib64/x86_64"],
    ["$ORIGIN/$ORIGIN", "/opt/app//opt/app"],
  ])("replaces the tokens of %s", (text, expanded) => {
    expect(expandTokens(text, values)).toBe(expanded);
  });

  test.each(["/opt/$ORIGINAL", "/opt/$LIB64", "/opt/$LIB_x", "/opt/$NOTHING", `/opt/${braces("ORIGINS")}`, "/opt/$"])(
    "leaves %s alone, as it is no token",
    (text) => {
      expect(expandTokens(text, values)).toBe(text);
      expect(hasTokens(text)).toBe(false);
    },
  );

  test("does not look for tokens in what it has put in", () => {
    expect(expandTokens("$ORIGIN/$LIB", { ...values, origin: "/srv/$LIB" })).toBe("/srv/$LIB/lib64");
  });

  test("gives up a string whose token has no value", () => {
    expect(expandTokens("/usr/$PLATFORM", { ...values, platform: undefined })).toBeUndefined();
  });
});

describe("musl's tokens", () => {
  test("are $ORIGIN in both spellings, whatever follows", () => {
    expect(expandOrigin(`$ORIGIN/a:${braces("ORIGIN")}/b:$ORIGINAL`, "/opt")).toBe("/opt/a:/opt/b:/optAL");
  });

  test("make a run path with any other dollar sign void", () => {
    expect(hasOnlyOriginTokens("$ORIGIN/a:/b")).toBe(true);
    expect(hasOnlyOriginTokens("$ORIGIN/a:/$LIB")).toBe(false);
  });
});

describe("isExpressible", () => {
  test("refuses a directory with a colon or a name like a token", () => {
    expect(["/a/b", "/a:b", "/a/$ORIGIN/b", "/a/$ORIGINAL"].map(isExpressible)).toEqual([true, false, false, true]);
  });
});
