import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unwrap } from "../../../../src/commands/unwrap/unwrap.ts";
import { verify } from "../../../../src/commands/verify/verify.ts";
import type { VerifyReport, VerifyRequest } from "../../../../src/commands/verify/verify-report.ts";
import { run } from "../../../../src/commands/wrap/run.ts";
import type { RunOutcome } from "../../../../src/commands/wrap/run-outcome.ts";
import { PT_INTERP, PT_NULL } from "../../../../src/elf/constants.ts";
import type { ProgramHeader } from "../../../../src/elf/elf-file.ts";
import type { SidecarProblem } from "../../../../src/patch/sidecar/sidecar-problem.ts";
import type { WrapRequest } from "../../../../src/planning/wrap-request.ts";
import { readElf } from "../../../support/simulated/simulate.ts";
import { createSmallStore, type SmallStore } from "../../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../../support/simulated/wrap-request.ts";
import { overwriteFile } from "../../../support/writing/overwrite-file.ts";

let store: SmallStore;
/** Wrapped, and a library of its own and libc are what it loads. */
let tool: string;
let sidecar: string;

beforeEach(() => {
  store = createSmallStore();
  tool = store.executable("bundle/tool", { needed: ["liba.so", "libc.so.6"] });
  sidecar = store.at("bundle/.tool.wrapbuddy");
  store.library("lib/liba.so", { needed: ["libc.so.6"] });
});
afterEach(() => store.remove());

const linker = (): string => store.at("glibc/lib/ld-linux-x86-64.so.2");

/** Wraps below the store's root, and outside any store with `relocatable`. */
function wrap(changes: Partial<WrapRequest> = {}, paths: readonly string[] = [tool]): RunOutcome {
  const request = wrapRequestOf(paths, {
    interpreters: [linker()],
    libraryDirectories: [store.at("lib")],
    storeDirectory: store.root,
    ...changes,
  });
  const outcome = run(request);
  if (outcome.issues.length > 0) throw new Error(JSON.stringify(outcome.issues));
  return outcome;
}

/** Where the stub of the wrapped tool begins. */
function stubOffset(): number {
  const [file] = wrap().files;
  if (file?.kind !== "already-wrapped") throw new Error("not wrapped");
  return file.facts.placement.stubOffset;
}

function look(changes: Partial<VerifyRequest> = {}): VerifyReport {
  return verify({
    paths: [store.at("bundle")],
    recurse: true,
    exclude: [],
    ignoreMissing: [],
    storeDirectory: store.root,
    ...changes,
  });
}

/** Wraps, does what the test does, and looks: the issues. */
function issuesAfter(damage: () => void, changes: Partial<WrapRequest> = {}): VerifyReport["issues"] {
  wrap(changes);
  expect(look().issues).toEqual([]);
  damage();
  const { issues, ok, files } = look();
  const isFine = files.some(({ kind }) => kind === "fine");
  expect(isFine).toBe(ok);
  return issues;
}

const endInFile = ({ offset, fileSize }: ProgramHeader): number => offset + fileSize;

/** One byte of a file, changed. */
function flip(path: string, offset: number): void {
  const bytes = readFileSync(path);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  overwriteFile(path, bytes);
}

/** p_type of the interpreter's program header, written again. */
function setType(from: number, to: number): void {
  const header = readElf(tool).programHeaders.find(({ type }) => type === from);
  const bytes = readFileSync(tool);
  bytes.writeUInt32LE(to, header?.headerOffset ?? 0);
  writeFileSync(tool, bytes);
}

const ways: { readonly [title: string]: () => Partial<WrapRequest> } = {
  "by its absolute path": () => ({}),
  "with pins": () => ({ pin: "always" }),
  "beside itself": () => ({ relocatable: true }),
  "with a shared loader": () => ({ loaderDirectory: sharedLoader() }),
  "beside itself, with a shared loader": () => ({ relocatable: true, loaderDirectory: sharedLoader() }),
};

function sharedLoader(): string {
  const directory = store.directory("loader");
  copyFileSync(
    fileURLToPath(new URL("../../../../dist/blobs/x86_64/loader.bin", import.meta.url)),
    `${directory}/loader.bin`,
  );
  return directory;
}

describe("an executable that is whole", () => {
  test.each(Object.entries(ways))("and finds its sidecar %s is fine", (_title, way) => {
    wrap(way());
    expect(look()).toEqual({
      ok: true,
      issues: [],
      files: [{ kind: "fine", path: tool, sidecarPath: sidecar, interpreter: linker(), libraries: 2 }],
    });
  });

  test("may have been renamed", () => {
    wrap({ relocatable: true });
    renameSync(tool, store.at("bundle/renamed"));
    expect(look()).toMatchObject({ ok: true, issues: [], files: [{ kind: "fine", sidecarPath: sidecar }] });
  });

  test("may be a copy of one in the store, which is said", () => {
    wrap();
    copyFileSync(tool, store.at("copy"));
    expect(look({ paths: [store.at("copy")] })).toMatchObject({
      issues: [{ kind: "sidecar-of-other", owner: tool }],
      files: [{ path: store.at("copy"), kind: "fine", sidecarPath: sidecar }],
    });
  });

  test("may have been stripped, whatever its section headers said of the stub's place", () => {
    wrap();
    const bytes = readFileSync(tool);
    // e_shoff, e_shnum and e_shstrndx
    bytes.fill(0, 0x28, 0x30);
    bytes.fill(0, 0x3c, 0x40);
    writeFileSync(tool, bytes.subarray(0, Math.max(...readElf(tool).programHeaders.map(endInFile))));
    expect(look()).toMatchObject({ ok: true, issues: [], files: [{ kind: "fine" }] });
  });

  test("may be reached through a symlink", () => {
    wrap();
    symlinkSync(tool, store.at("link"));
    expect(look({ paths: [store.at("link")] })).toMatchObject({ ok: true, files: [{ path: tool }] });
  });

  test("is not changed, nor is anything beside it", () => {
    wrap();
    const before = [tool, sidecar].map((path) => [readFileSync(path), statSync(path, { bigint: true }).ctimeNs]);
    look();
    expect([tool, sidecar].map((path) => [readFileSync(path), statSync(path, { bigint: true }).ctimeNs])).toEqual(
      before,
    );
  });
});

describe("a sidecar", () => {
  const cannotBeUsed = (problem: SidecarProblem) => [
    { kind: "sidecar-damaged", path: tool, sidecarPath: sidecar, problem },
  ];

  test("that is gone", () => {
    expect(issuesAfter(() => rmSync(sidecar))).toEqual(cannotBeUsed({ kind: "absent" }));
  });

  test("that is another executable's", () => {
    const other = store.executable("bundle/other", { needed: ["libc.so.6"], entryOffset: 8 });
    wrap({}, [other]);
    expect(issuesAfter(() => renameSync(store.at("bundle/.other.wrapbuddy"), sidecar))).toEqual([
      {
        kind: "sidecar-damaged",
        path: other,
        sidecarPath: store.at("bundle/.other.wrapbuddy"),
        problem: { kind: "absent" },
      },
      ...cannotBeUsed({ kind: "of-another-executable" }),
    ]);
  });

  test.each<readonly [string, number, SidecarProblem]>([
    ["in its names", 100, { kind: "saved-past-end" }],
    ["in its loader", -1, { kind: "size-past-end" }],
    ["to nothing", 0, { kind: "shorter-than-header", size: 0 }],
  ])("that is cut short %s", (_title, end, problem) => {
    expect(issuesAfter(() => overwriteFile(sidecar, readFileSync(sidecar).subarray(0, end)))).toEqual(
      cannotBeUsed(problem),
    );
  });

  test("that has become longer", () => {
    wrap();
    const { size } = statSync(sidecar);
    expect(issuesAfter(() => overwriteFile(sidecar, Buffer.concat([readFileSync(sidecar), Buffer.from("x")])))).toEqual(
      [{ kind: "sidecar-size", path: tool, sidecarPath: sidecar, size: size + 1, wanted: size }],
    );
  });

  test("with another byte among its numbers", () => {
    expect(issuesAfter(() => flip(sidecar, 0))).toEqual(cannotBeUsed({ kind: "check-differs" }));
  });

  test("with another byte in its loader", () => {
    expect(issuesAfter(() => flip(sidecar, statSync(sidecar).size - 1))).toEqual([
      { kind: "sidecar-differs", path: tool, sidecarPath: sidecar },
    ]);
  });

  test("that not everyone may read who may execute the program", () => {
    expect(issuesAfter(() => chmodSync(sidecar, 0o400))).toEqual([
      { kind: "sidecar-mode", path: tool, sidecarPath: sidecar, mode: 0o400, wanted: 0o444 },
    ]);
  });

  test("that is missing in one of the directories where the file has a name", () => {
    const second = store.at("bundle/zz/tool");
    mkdirSync(store.at("bundle/zz"));
    linkSync(tool, second);
    wrap({ relocatable: true }, [store.at("bundle")]);
    expect(look().issues).toEqual([]);
    const sidecarPath = store.at("bundle/zz/.tool.wrapbuddy");
    chmodSync(sidecarPath, 0o644);
    appendFileSync(sidecarPath, "x");
    const problem = { kind: "differs-from-other-name" };
    expect(look().issues).toEqual([{ kind: "sidecar-damaged", path: second, sidecarPath, problem }]);
    rmSync(sidecarPath);
    expect(look().issues).toMatchObject([{ path: second, sidecarPath, problem: { kind: "absent" } }]);
  });

  test("that no executable uses is a warning", () => {
    wrap();
    const orphan = store.at("bundle/.gone.wrapbuddy");
    copyFileSync(sidecar, orphan);
    expect(look()).toMatchObject({ ok: true, issues: [{ kind: "sidecar-unused", path: orphan }] });
  });

  test("of an executable that is excluded is nobody's concern", () => {
    const other = store.executable("bundle/other", { needed: ["libc.so.6"] });
    wrap({}, [tool, other]);
    expect(look({ exclude: ["other"] }).issues).toEqual([]);
  });
});

describe("an executable", () => {
  test("whose run was stopped before its last write", () => {
    expect(issuesAfter(() => setType(PT_NULL, PT_INTERP))).toEqual([
      { kind: "wrapping-unfinished", path: tool, before: "interpreter-header" },
    ]);
  });

  test("with a cleared program header and half a stub", () => {
    const original = readFileSync(tool);
    const issues = issuesAfter(() => {
      const half = readFileSync(tool);
      const at = half.indexOf(".tool.wrapbuddy");
      original.copy(half, at, at, at + 50);
      writeFileSync(tool, half);
    });
    expect(issues).toEqual([{ kind: "stub-gone", path: tool }]);
    rmSync(sidecar);
    expect(look().issues).toEqual([{ kind: "stub-gone", path: tool }]);
  });

  test("with another byte in its stub", () => {
    wrap();
    const offset = stubOffset() + 3;
    expect(issuesAfter(() => flip(tool, offset))).toEqual([{ kind: "stub-differs", path: tool, offset }]);
  });

  test("that has been replaced by its original", () => {
    const original = readFileSync(tool);
    expect(issuesAfter(() => writeFileSync(tool, original))).toEqual([
      { kind: "not-wrapped", path: tool, sidecarPath: sidecar },
    ]);
  });

  test("that has been cut short", () => {
    const issues = issuesAfter(() => writeFileSync(tool, readFileSync(tool).subarray(0, 200)));
    expect(issues).toMatchObject([{ kind: "damaged-elf", path: tool }]);
  });

  test("with privileges that is wrapped to look beside itself is a warning", () => {
    wrap({ relocatable: true });
    chmodSync(tool, 0o4755);
    expect(look()).toMatchObject({ ok: true, issues: [{ kind: "privileges-refused", severity: "warning" }] });
  });
});

describe("what is referred to", () => {
  test("a dynamic linker that is gone", () => {
    expect(issuesAfter(() => rmSync(linker()))).toEqual([
      { kind: "interpreter-gone", path: tool, interpreter: linker(), problem: "no-such-file" },
    ]);
  });

  test("a dynamic linker of another machine", () => {
    const issues = issuesAfter(() =>
      store.library("glibc/lib/ld-linux-x86-64.so.2", { machine: 183, symbols: [{ name: "_r_debug", value: 0x10n }] }),
    );
    expect(issues).toMatchObject([{ kind: "interpreter-gone", problem: "other-machine" }]);
  });

  test("a dynamic linker that is another than it was", () => {
    const issues = issuesAfter(() =>
      store.library("glibc/lib/ld-linux-x86-64.so.2", {
        interpreter: null,
        symbols: [{ name: "_r_debug", value: 0x20n }],
        versionDefinitions: ["ld-linux-x86-64.so.2", "GLIBC_2.2.5"],
      }),
    );
    expect(issues).toEqual([{ kind: "interpreter-changed", path: tool, interpreter: linker() }]);
  });

  test("a library that is gone", () => {
    expect(issuesAfter(() => rmSync(store.at("lib/liba.so")))).toMatchObject([
      { kind: "missing-library", name: "liba.so", neededBy: tool },
    ]);
  });

  test("a pinned library that is gone", () => {
    expect(issuesAfter(() => rmSync(store.at("lib/liba.so")), { pin: "always" })).toMatchObject([
      { kind: "missing-library", name: store.at("lib/liba.so"), neededBy: tool },
    ]);
  });

  test("a library of a library that is gone", () => {
    const issues = issuesAfter(() => store.library("lib/liba.so", { needed: ["libb.so"] }));
    expect(issues).toMatchObject([{ kind: "missing-library", name: "libb.so", neededBy: store.at("lib/liba.so") }]);
  });

  test("a library that may be missing", () => {
    wrap();
    rmSync(store.at("lib/liba.so"));
    expect(look({ ignoreMissing: ["liba.*"] })).toMatchObject({ ok: true, issues: [{ severity: "note" }] });
  });

  test("a run path entry of the store that is gone, but not one that is meant for later", () => {
    const changes = {
      runtimeDependencies: [store.directory("plugins"), "/run/opengl-driver/lib"],
      appendRunPath: ["$ORIGIN/../later"],
    };
    const entry = store.at("plugins");
    expect(issuesAfter(() => rmSync(entry, { recursive: true }), changes)).toEqual([
      { kind: "run-path-entry-gone", path: tool, entry },
    ]);
  });

  test("a shared loader that is gone, or of another version", () => {
    const loaderDirectory = sharedLoader();
    const loaderPath = `${loaderDirectory}/loader.bin`;
    expect(issuesAfter(() => flip(loaderPath, 2000), { loaderDirectory })).toMatchObject([
      { kind: "loader-differs", path: tool, loaderPath },
    ]);
    rmSync(loaderPath);
    expect(look().issues).toMatchObject([{ kind: "loader-missing", path: tool, loaderPath }]);
  });
});

describe("what is not wrapped", () => {
  test("is an error when it is named, and nothing worth a word in a tree with something that is", () => {
    const other = store.executable("bundle/other", { needed: ["libc.so.6"] });
    wrap();
    expect(look()).toMatchObject({
      ok: true,
      issues: [],
      files: [
        { kind: "not-wrapped", path: other, isNamed: false },
        { kind: "fine", path: tool },
      ],
    });
    expect(look({ paths: [other] })).toEqual({
      ok: false,
      files: [{ kind: "not-wrapped", path: other, isNamed: true }],
      issues: [{ kind: "not-wrapped", path: other }],
    });
  });

  test("is an error with its reason when it cannot be wrapped", () => {
    expect(look({ paths: [store.at("lib/liba.so")] }).issues).toMatchObject([
      { kind: "not-wrapped", reason: "shared-library" },
    ]);
  });

  test("is what was wrapped and has been restored", () => {
    wrap();
    unwrap({ paths: [tool], recurse: true, exclude: [], dryRun: false });
    expect(look({ paths: [tool] }).issues).toEqual([{ kind: "not-wrapped", path: tool }]);
  });

  test("is a whole directory without a wrapped executable", () => {
    const empty = store.directory("empty");
    wrap();
    expect(look({ paths: [store.at("bundle"), empty] })).toMatchObject({
      ok: false,
      issues: [{ kind: "nothing-wrapped", path: empty, hasExecutables: false }],
    });
    copyFileSync(tool, store.at("empty/other"));
    unwrap({ paths: [store.at("empty")], recurse: true, exclude: [], dryRun: false });
    expect(look({ paths: [empty] }).issues).toEqual([{ kind: "nothing-wrapped", path: empty, hasExecutables: true }]);
  });

  test("a copy whose sidecar another file uses has no sidecar of its own", () => {
    const original = readFileSync(tool);
    wrap({ relocatable: true });
    copyFileSync(tool, store.at("bundle/second"));
    writeFileSync(tool, original);
    expect(look()).toMatchObject({
      ok: true,
      issues: [{ kind: "sidecar-of-other", path: store.at("bundle/second"), owner: tool }],
      files: [{ kind: "fine", path: store.at("bundle/second") }, { kind: "not-wrapped" }],
    });
  });
});

test("of a directory, without recursion only its own files are looked at", () => {
  const deeper = store.executable("bundle/deeper/tool", { needed: ["libc.so.6"] });
  wrap({}, [tool, deeper]);
  expect(look().files).toHaveLength(2);
  expect(look({ recurse: false }).files).toMatchObject([{ path: tool }]);
});

test("a path that is not there, or no ELF file, is an error", () => {
  const script = store.text("script", "#!/bin/sh\n");
  const { issues, ok } = look({ paths: [store.at("absent"), script] });
  expect([ok, issues]).toMatchObject([false, [{ kind: "no-such-path" }, { kind: "not-elf", path: script }]]);
});
