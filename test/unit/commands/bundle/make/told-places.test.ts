import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { createLayout, placeOf } from "../../../../../src/commands/bundle/collect/layout.ts";
import { toldPlaces } from "../../../../../src/commands/bundle/make/told-places.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

interface Tree {
  /** Files, by path, with the paths that stand in them; "$" is the directory that they are all in. */
  readonly files: { readonly [path: string]: string };
  readonly given?: readonly string[];
  readonly loads?: readonly string[];
  readonly variables?: readonly string[];
  readonly arguments?: readonly string[];
}

/** What bin/tool is told, and what is said not to be given: bin/tool loads `loads`. */
function told({ files, given = [], loads = [], variables = [], arguments: added = [] }: Tree) {
  const top = realpathSync(temporaryDirectory());
  const at = (path: string) => join(top, path);
  const here = (text: string) => text.replaceAll(top, "$");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text.replaceAll("$", top));
  }
  const layout = createLayout("/nix/store", []);
  for (const tree of given) layout.takeTree(at(tree));
  for (const path of ["bin/tool", ...loads]) layout.takeFile(at(path));
  const { of, issues } = toldPlaces(
    Object.entries(files).flatMap(([path, text]) =>
      text.split(":").map((one) => {
        const found = { text: one.replaceAll("$", top), meaning: "data", isBundled: false } as const;
        return { place: placeOf(at(path)), ...found };
      }),
    ),
    {
      layout,
      executables: [
        { path: at("bin/tool"), loads: loads.map(at) },
        { path: at("bin/other"), loads: [] },
      ],
      variables: variables.map((name) => ({ name, value: "" })),
      arguments: added.map((value) => ({ name: "tool", value })),
    },
  );
  const ofTool = of(at("bin/tool"));
  return {
    tool: [...ofTool.variables.map(({ name, value }) => `${name}=${here(value)}`), ...ofTool.arguments.map(here)],
    other: of(at("bin/other")).variables.map(({ name }) => name),
    notGiven: issues.map((issue) =>
      issue.kind === "place-not-given" ? here(`${issue.path} ${issue.told} ${issue.give}`) : "",
    ),
  };
}

const terminals = {
  "bin/tool": "",
  "lib/libtinfo.so.6": "$/a/terminfo:$/b/terminfo",
  "a/terminfo/x": "",
  "b/terminfo/x": "",
};

test("what the bundle has is told to those who load the file that looks for it", () => {
  const loads = ["lib/libtinfo.so.6"];
  expect(told({ files: terminals, loads, given: ["a/terminfo", "b"] })).toEqual({
    tool: ["TERMINFO_DIRS=$/a/terminfo:$/b/terminfo"],
    other: [],
    notGiven: [],
  });
  expect(told({ files: terminals, loads, given: ["b"] }).tool).toEqual(["TERMINFO_DIRS=$/b/terminfo"]);
});

test("what the bundle has not is said not to be given, with the directory of a file; in /tmp, which is any machine's, only what no other machine has", () => {
  const files = { "bin/tool": "", "bin/lynx": "$/a/lynx.cfg:$/none/lynx.cfg", "a/lynx.cfg": "" };
  const loads = ["bin/lynx"];
  expect(told({ files, loads })).toEqual({ tool: [], other: [], notGiven: ["$/a/lynx.cfg LYNX_CFG $/a"] });
  expect(told({ files, loads, given: ["a"] })).toEqual({ tool: ["LYNX_CFG=$/a/lynx.cfg"], other: [], notGiven: [] });
  expect(told({ files: terminals, loads: ["lib/libtinfo.so.6"] }).notGiven).toEqual([]);
});

test("of a plug-in everybody is told", () => {
  expect(told({ files: terminals, given: ["lib", "a", "b"] }).other).toEqual(["TERMINFO_DIRS"]);
});

test("what the request sets, or gives as an argument, is neither told nor missing", () => {
  const loads = ["lib/libtinfo.so.6"];
  const nothing = { tool: [], other: [], notGiven: [] };
  expect(told({ files: terminals, loads, given: ["b"], variables: ["TERMINFO_DIRS"] })).toEqual(nothing);
  const files = { "bin/tool": "", "lib/gpg": "$/x/bin", "x/bin/gpg-agent": "" };
  expect(told({ files, loads: ["lib/gpg"], arguments: ["--agent-program=/x"] })).toEqual(nothing);
});

test("a directory of which the bundle has a part is not in it", () => {
  const loads = ["lib/libtinfo.so.6", "a/terminfo/x"];
  expect(told({ files: terminals, loads }).tool).toEqual([]);
});

test("a place may be told as a part of a value, by its directory, or be the one file of its kind", () => {
  const files = {
    "bin/tool": "",
    "usr/lib/x86/libaspell.so.15": "",
    "usr/lib/aspell/x86/x": "",
    "var/lib/aspell/x": "",
    "usr/lib/x86/libpython3.11.so.1.0": "",
    "usr/lib/python3.11/x": "",
    "usr/bin/emacs": "$/usr/libexec/emacs/28.2/x86",
    "usr/libexec/emacs/28.2/x86/a.pdmp": "",
    "usr/libexec/emacs/28.2/x86/b": "",
  };
  const loads = ["usr/lib/x86/libaspell.so.15", "usr/lib/x86/libpython3.11.so.1.0", "usr/bin/emacs"];
  expect(told({ files, loads, given: ["usr", "var"] }).tool).toEqual([
    "ASPELL_CONF=data-dir $/usr/lib/aspell;filter-path $/usr/lib/aspell/x86;dict-dir $/var/lib/aspell",
    "PYTHONHOME=$/usr",
    "EMACSPATH=$/usr/libexec/emacs/28.2/x86",
    "--dump-file=$/usr/libexec/emacs/28.2/x86/a.pdmp",
  ]);
});
