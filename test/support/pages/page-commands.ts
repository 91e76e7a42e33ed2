// Every command that a page of the repository names, and who runs it. A command that is missing here, or that no page
// names any more, fails test/unit/readme.test.ts.

/** How a command is run, or why it is not. */
export type CommandRun =
  /** As it stands, by a shell in the project of test/integration/pages/project.ts, on a machine like NixOS. */
  | {
      readonly by: "machine";
      /** A line that has to be run before. */
      readonly after?: string;
      /** What it prints, on either stream. */
      readonly says: string | RegExp;
      readonly exitCode?: number;
    }
  /** As it stands, by a shell in the repository, on this machine. */
  | { readonly by: "repository"; readonly after?: string; readonly says: string | RegExp }
  /** By another test, which has this text. */
  | { readonly by: "test"; readonly file: string; readonly text: string }
  /** By `npm test`, which the machine that runs them for every change starts (.ci/run). */
  | { readonly by: "npm test" }
  /** By nobody. */
  | { readonly by: "nobody"; readonly because: "needs the npm registry" | "is no command to paste" | "runs for long" };

const npmTest: CommandRun = { by: "npm test" };
const fetches: CommandRun = { by: "nobody", because: "needs the npm registry" };
const onlyNamed: CommandRun = { by: "nobody", because: "is no command to paste" };
const runByTest = (file: string, text: string): CommandRun => ({ by: "test", file: `test/${file}`, text });

const limits = "integration/tools/known-limits.test.ts";
const wrapped = "wrap-buddy -q ./tool --libs ./lib";
const wrappedTree = "wrap-buddy -q ./node_modules";

export const pageCommands: { readonly [command: string]: CommandRun } = {
  "./tool --version": runByTest("integration/pages/front-page.test.ts", "./tool --version"),
  "wrap-buddy -q ./tool": runByTest("integration/pages/front-page.test.ts", "wrap-buddy -q ./tool"),
  "wrap-buddy ./node_modules --dry-run": {
    by: "machine",
    says: "nothing was written\nto do it: wrap-buddy ./node_modules\n",
  },
  "wrap-buddy ./node_modules": {
    by: "machine",
    says: "\nwrapped ./node_modules/other/other\n1 wrapped, 1 skipped (1 not ELF)\n",
  },
  "bazel version": fetches,
  "wrap-buddy ~/.cache/bazel/_bazel_$USER/install": fetches,
  "wrap-buddy ./tool --libs ./lib": { by: "machine", says: "Patched: ./tool\n1 wrapped\n" },
  "wrap-buddy inspect ./tool": { by: "machine", after: wrapped, says: "./tool: 64-bit x86_64 glibc, wrapped\n" },
  "wrap-buddy verify ./node_modules": { by: "machine", after: wrappedTree, says: "\n1 fine\n" },
  "wrap-buddy unwrap ./node_modules": { by: "machine", after: wrappedTree, says: "\n1 restored\n" },
  "wrap-buddy bundle ./tool --libs ./lib --output out": {
    by: "machine",
    says: /^bundled bin\/tool from \.\/tool: \d librar(?:y|ies)\n/,
  },
  "wrap-buddy bundle PROGRAM… --output DIR": onlyNamed,
  "wrap-buddy bundle /usr/bin/gpg --output out": runByTest(
    "integration/bundle/known-places.test.ts",
    'program: "/usr/bin/gpg"',
  ),
  "wrap-buddy bundle /usr/bin/tclsh /usr/share/tcltk --set TCL_LIBRARY=/usr/share/tcltk/tcl8.6 --output out": runByTest(
    "support/foreign/bundle-works.ts",
    "TCL_LIBRARY",
  ),
  "wrap-buddy bundle ./tool --libs ./lib --output tool.tar.zst --format tar.zst": runByTest(
    "integration/bundle/nix-programs.test.ts",
    '"tar.zst"',
  ),
  "wrap-buddy bundle ./tool --output ./out --strict --trace-run tool": runByTest(
    "integration/bundle/traced.test.ts",
    '"--strict"',
  ),
  "wrap-buddy verify": { by: "machine", says: "error: no path given\n", exitCode: 2 },
  "wrap-buddy unwrap": { by: "machine", says: "error: no path given\n", exitCode: 2 },
  "wrap-buddy inspect": { by: "machine", says: "error: no path given\n", exitCode: 2 },
  "wrap-buddy inspect --help": { by: "machine", says: "wrap-buddy inspect [paths..]\n" },
  "wrap-buddy --version": { by: "machine", says: /^\d+\.\d+\.\d+\n$/ },
  "wrap-buddy inspect bin/tool": runByTest("unit/cli/readme.test.ts", "wrap-buddy inspect bin/tool"),
  "wrap-buddy verify bin": runByTest("unit/cli/readme.test.ts", "wrap-buddy verify bin"),
  "wrap-buddy inspect ./program": { by: "machine", says: "./program: 64-bit x86_64 glibc, wrapped\n" },
  "LD_TRACE_LOADED_OBJECTS=1 ./program": { by: "machine", says: "libc.so.6 => /nix/store/" },
  "WRAP_BUDDY_TRACE=1 ./program": { by: "machine", says: /^wrap-buddy: .*\n(?:.*\n)*hello\n$/ },
  "wrap-buddy [COMMAND] PATH… [OPTION…]": onlyNamed,
  "ldd ./tool": runByTest(limits, '"ldd"'),
  "ldd ./program": runByTest(limits, '"ldd"'),
  "ld.so ./program": runByTest("integration/started-by-linker.test.ts", "interpreter"),
  "ld.so ./wrapped": runByTest("integration/started-by-linker.test.ts", "interpreter"),
  "nix copy --to /opt/app": onlyNamed,
  "objdump -p": onlyNamed,
  "readelf -d": onlyNamed,
  "upx -d": onlyNamed,
  "patchelf --add-needed": runByTest("support/pages/other-tools.ts", "--add-needed"),
  "patchelf --print-rpath": runByTest("integration/in-place/libraries.test.ts", "--print-rpath"),
  "bun build --compile": runByTest("corpus/single-file/made-programs.test.ts", "--compile"),
  "node --build-sea": runByTest("corpus/single-file/made-programs.test.ts", "--build-sea"),
  "nix run github:OWNER/wrap-buddy --": runByTest("nix/tool.test.ts", '"run", nix.flake, "--"'),
  "nix build": runByTest("nix/packages.test.ts", '"build"'),
  "nix-build -A wrap-buddy.tests -A wrapBuddy.tests": runByTest("nix/pages.test.ts", "nix-build -A"),
  "nix fmt": onlyNamed,
  "npm pack": runByTest("nix/tool.test.ts", "fetched again by the derivation"),
  "node dist/cli/main.js": { by: "repository", says: "no path given" },
  "node -e 0": { by: "repository", says: /^$/ },
  "npm ci && npm run build": npmTest,
  "npm ci && npm test": npmTest,
  "npm test": npmTest,
  "npm run setup": npmTest,
  "npm run build": npmTest,
  "npm run lint": npmTest,
  "npm run check": npmTest,
  "npm run check:imports": npmTest,
  "npm run test:unit": npmTest,
  "npm run test:integration": npmTest,
  "npm run test:nix": npmTest,
  'WRAP_BUDDY_WITHOUT="i386 perf" npm test': runByTest("unit/support/capabilities.test.ts", "WRAP_BUDDY_WITHOUT"),
  "npm ci && npm run demo": runByTest("integration/pages/demo.test.ts", "demo"),
  "npm run demo": runByTest("integration/pages/demo.test.ts", "demo"),
  "npm run bench": runByTest("integration/bench.test.ts", "test/bench/bench.ts"),
  "WRAP_BUDDY_BENCH_ROUNDS=3 npm run bench": runByTest("integration/bench.test.ts", "WRAP_BUDDY_BENCH_ROUNDS"),
  "npm run fuzz": { by: "nobody", because: "runs for long" },
  "npm run test:corpus": fetches,
  "npm install": fetches,
  "apt-get download": onlyNamed,
};
