import { expect, test } from "vitest";
import { parseWrapper, valuesOf } from "../../../../../src/commands/bundle/collect/wrapper.ts";

const command = String.raw`makeCWrapper /nix/store/x/bin/.tool-wrapped \
    --inherit-argv0 \
    --set 'A' 'it'\''s' \
    --set-default 'B' '' \
    --unset 'C' \
    --prefix 'PATH' ':' '/nix/store/y/bin:/nix/store/z/bin' \
    --suffix 'D' ' ' 'd' \
    --add-flags '-x  --long=1'`.replaceAll("\\\\", "\\");

test("the command line of a wrapper is read as bash quotes it", () => {
  expect(parseWrapper(command)).toEqual({
    target: "/nix/store/x/bin/.tool-wrapped",
    called: { kind: "own" },
    arguments: ["-x", "--long=1"],
    variables: [
      { does: "set", name: "A", value: "it's" },
      { does: "set-default", name: "B", value: "" },
      { does: "unset", name: "C" },
      { does: "prefix", name: "PATH", separator: ":", value: "/nix/store/y/bin:/nix/store/z/bin" },
      { does: "suffix", name: "D", separator: " ", value: "d" },
    ],
  });
});

test("what is started is called by its path, or as --argv0 says", () => {
  expect(parseWrapper("makeCWrapper /a")?.called).toEqual({ kind: "given", text: "/a" });
  expect(parseWrapper("makeCWrapper /a --argv0 'b'")?.called).toEqual({ kind: "given", text: "b" });
  expect(
    valuesOf({ target: "/a", called: { kind: "own" }, variables: [{ does: "unset", name: "C" }], arguments: ["x"] }),
  ).toEqual(["/a", "x"]);
});

test("a wrapper that does something else is none", () => {
  expect(parseWrapper("makeCWrapper /a --chdir '/b'")).toEqual({ target: "/a" });
  expect(parseWrapper("makeCWrapper")).toBeUndefined();
});
