import { expect, test } from "vitest";
import { plainPaint } from "../../../../src/report/colour.ts";
import type { ReportContext } from "../../../../src/report/context.ts";
import type { Issue } from "../../../../src/report/issue.ts";
import { describeIssues } from "../../../../src/report/messages/describe-issues.ts";
import { renderMessages } from "../../../../src/report/render.ts";
import { cliContext, hookContext } from "../../commands/wrap/sample-outcome.ts";

type MissingLibrary = Extract<Issue, { readonly kind: "missing-library" }>;

function missing(name: string, executable: string, rest: Partial<MissingLibrary> = {}): MissingLibrary {
  return {
    kind: "missing-library",
    severity: "error",
    executable,
    name,
    neededBy: executable,
    searched: 14,
    nearMisses: [],
    ...rest,
  };
}

function say(issues: readonly Issue[], context: ReportContext): string {
  return renderMessages(describeIssues(issues, context), plainPaint).trimEnd();
}

const out = "/nix/store/aaaa-tool-1.0";

test("one missing library of one executable takes two lines", () => {
  expect(say([missing("libfoo.so.1", `${out}/bin/tool`)], hookContext)).toMatchInlineSnapshot(`
    "wrap-buddy: error: out/bin/tool: libfoo.so.1 not found in 14 library directories
      help: add its package to buildInputs, or list it in wrapBuddyIgnoreMissing"
  `);
});

test("a well-known library comes with its nixpkgs attribute", () => {
  expect(say([missing("libstdc++.so.6", `${out}/bin/tool`)], hookContext)).toMatchInlineSnapshot(`
    "wrap-buddy: error: out/bin/tool: libstdc++.so.6 not found in 14 library directories
      help: add stdenv.cc.cc.lib to buildInputs, or list it in wrapBuddyIgnoreMissing"
  `);
});

test("a library that is missed by a bundled library says who needs it", () => {
  const issue = missing("libz.so.1", `${out}/bin/tool`, { neededBy: `${out}/lib/libq.so` });
  expect(say([issue], hookContext)).toMatchInlineSnapshot(`
    "wrap-buddy: error: out/bin/tool: libz.so.1, which out/lib/libq.so needs, not found in 14 library directories
      help: add zlib to buildInputs, or list it in wrapBuddyIgnoreMissing"
  `);
});

test("a near miss is named", () => {
  const issue = missing("libssl.so.3", `${out}/bin/tool`, { nearMisses: ["libssl.so.1.1"] });
  expect(say([issue], hookContext)).toMatchInlineSnapshot(`
    "wrap-buddy: error: out/bin/tool: libssl.so.3 not found in 14 library directories
      found instead: libssl.so.1.1
      help: add openssl to buildInputs, or list it in wrapBuddyIgnoreMissing"
  `);
});

const many: readonly Issue[] = [
  missing("libz.so.1", "/home/me/tool"),
  missing("libz.so.1", "/home/me/other", { searched: 15 }),
  missing("libz.so.1", "/home/me/tool", { neededBy: "/home/me/lib/libq.so" }),
  missing("libz.so.1", "/home/me/other", { neededBy: "/home/me/lib/libq.so" }),
  missing("libssl.so.3", "/home/me/other", { nearMisses: ["libssl.so.1.1"] }),
  missing("libmine.so", "/home/me/other"),
];

test("all missing libraries of all executables are one message, grouped by library", () => {
  expect(say(many, cliContext)).toMatchInlineSnapshot(`
    "wrap-buddy: error: 3 libraries that 3 files need not found
      libz.so.1: needed by ./tool, ./other and ./lib/libq.so, nixpkgs has it in zlib
      libssl.so.3: needed by ./other, nixpkgs has it in openssl
        found instead: libssl.so.1.1
      libmine.so: needed by ./other
      help: give the directories that hold them with --libs, or name what may be missing in --ignore-missing; with Nix: --libs $(nix build --no-link --print-out-paths 'nixpkgs#zlib^*' 'nixpkgs#openssl^*')"
  `);
});

test("what wants a library is named once, and not the executables that load it", () => {
  const plugIn = { neededBy: "/home/me/lib/plugin.node" };
  const issues = Array.from({ length: 9 }, (_, index) => missing("libz.so.1", `/home/me/tool${index}`, plugIn));
  expect(say([...issues, missing("libq.so", "/home/me/a")], cliContext)).toContain(
    "  libz.so.1: needed by ./lib/plugin.node, nixpkgs has it in zlib\n",
  );
});

test("a file that is known by its link, too, is named once", () => {
  const file = "/home/me/lib/libq.so.1.2";
  const issues = [
    missing("libz.so.1", "/home/me/tool", { neededBy: "/home/me/lib/libq.so", neededByFile: file }),
    missing("libz.so.1", "/home/me/tool", { neededBy: file }),
  ];
  expect(say(issues, cliContext)).toContain("  needed by ./lib/libq.so.1.2\n");
});

test("a library that an executable and a plug-in miss is one entry, an error", () => {
  const plugIn = { severity: "warning", neededBy: "/home/me/lib/plugin.node" } as const;
  const issues = [missing("libz.so.1", "/home/me/tool", plugIn), missing("libz.so.1", "/home/me/tool")];
  expect(say(issues, cliContext)).toMatchInlineSnapshot(`
    "wrap-buddy: error: libz.so.1 not found in 14 library directories
      needed by ./lib/plugin.node and ./tool
      help: give the directory that holds it with --libs, or name it in --ignore-missing; with Nix: --libs $(nix build --no-link --print-out-paths 'nixpkgs#zlib^*')"
  `);
});

test("what a plug-in misses is said of the plug-in", () => {
  const plugIn = { severity: "warning", neededBy: "/home/me/lib/plugin.node" } as const;
  expect(say([missing("libz.so.1", "/home/me/tool", plugIn)], cliContext)).toMatch(
    /^wrap-buddy: warning: \.\/lib\/plugin\.node: libz\.so\.1 not found in 14 library directories\n/,
  );
});

test("of many that want it three are named, unless all are asked for", () => {
  const issues = Array.from({ length: 9 }, (_, index) => missing("libz.so.1", `/home/me/tool${index}`));
  expect(say(issues, cliContext)).toContain("  needed by ./tool0, ./tool1, ./tool2 and 6 others\n");
  expect(say(issues, { ...cliContext, namesAll: true })).toContain("./tool7 and ./tool8\n");
});

test("in a Nix build the help names the packages to add", () => {
  expect(say(many, hookContext).split("\n").at(-1)).toMatchInlineSnapshot(
    `"  help: add zlib, openssl and the package of libmine.so to buildInputs, or list what may be missing in wrapBuddyIgnoreMissing"`,
  );
});

test("many unknown libraries are counted in the help, not listed again", () => {
  const issues = Array.from({ length: 6 }, (_, index) => missing(`libq${index}.so`, `${out}/bin/tool`));
  expect(
    say([missing("libz.so.1", `${out}/bin/tool`), ...issues], hookContext)
      .split("\n")
      .at(-1),
  ).toMatchInlineSnapshot(
    `"  help: add zlib and the packages of the other 6 to buildInputs, or list what may be missing in wrapBuddyIgnoreMissing"`,
  );
});

test("libraries that may be missing are a message of their own", () => {
  const issues = [missing("liba.so", "/home/me/tool", { severity: "warning" }), missing("libb.so", "/home/me/tool")];
  expect(describeIssues(issues, cliContext).map(({ severity }) => severity)).toEqual(["warning", "error"]);
});

test("a driver's library, which no package has, comes with what to type", () => {
  const cuda = missing("libcuda.so.1", `${out}/bin/tool`);
  const help = (issues: readonly Issue[], context: ReportContext) => say(issues, context).split("\n").at(-1);
  expect(help([cuda], hookContext)).toBe(
    '  help: it comes with the machine\'s driver: set appendRunpaths = [ "/run/opengl-driver/lib" ]',
  );
  expect(help([cuda, missing("libz.so.1", `${out}/bin/tool`)], cliContext)).toContain(
    "  help: libcuda.so.1 comes with the machine's driver: set --append-run-path /run/opengl-driver/lib; for the others, give the directory",
  );
});
