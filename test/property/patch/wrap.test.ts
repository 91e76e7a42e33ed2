// Wrapping, wrapping again and unwrapping executables of every architecture and layout. The files are not started here.

import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unwrap } from "../../../src/commands/unwrap/unwrap.ts";
import { verify } from "../../../src/commands/verify/verify.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import type { RunOutcome } from "../../../src/commands/wrap/run-outcome.ts";
import { architectures } from "../../../src/patch/architecture/architectures.ts";
import { blobsOf } from "../../../src/patch/blobs.ts";
import { severityOf } from "../../../src/report/issues/all-issues.ts";
import { createLibraryTree, type LibraryTree } from "../../support/simulated/library-tree.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";
import { fuzzSeed } from "../../support/vitest/fuzz-time.ts";
import { complaintInPlace } from "../hostile/allowed-in-place.ts";
import {
  anyWay,
  bytesOf,
  formatOf,
  layouts,
  type RandomExecutable,
  type RandomWay,
  randomExecutable,
  randomWay,
} from "./random-executable.ts";

/** The same files in every run of npm test; set SEED for others, RUNS for more. */
const seed = Number(process.env["SEED"] ?? fuzzSeed);
const numRuns = Number(process.env["RUNS"] ?? 128);

let tree: LibraryTree;
let count = 0;

beforeAll(() => {
  tree = createLibraryTree();
  for (const architecture of architectures) {
    const format = formatOf(architecture);
    tree.library(`${architecture.name}/ld-linux.so.2`, { ...format, symbols: [{ name: "_r_debug", value: 0x10n }] });
    for (const name of ["libc.so.6", "libm.so.6"]) tree.library(`${architecture.name}/${name}`, format);
    copyFileSync(blobsOf(architecture).loaderPath, tree.at(`${architecture.name}/loader.bin`));
  }
});
afterAll(() => tree.remove());

/** Writes it into a directory of its own, or again to where it was. */
function write(executable: RandomExecutable, path = join(tree.at(`files/${count++}`), executable.name)): string {
  rmSync(join(path, ".."), { recursive: true, force: true });
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, bytesOf(executable));
  chmodSync(path, executable.mode);
  return path;
}

function wrap(path: string, { architecture }: RandomExecutable, way: RandomWay): RunOutcome {
  const directory = tree.at(architecture.name);
  return run(
    wrapRequestOf([path], {
      interpreters: [`${directory}/ld-linux.so.2`],
      ignoreMissing: ["libabsent*"],
      ...way.request,
      ...(way.isShared ? { loaderDirectory: directory } : {}),
      storeDirectory: storeOf(way),
    }),
  );
}

const storeOf = ({ isInStore }: RandomWay): string => (isInStore ? tree.root : "/nix/store");

/** Names, bytes, modes and inodes of all that lies beside the file. */
function snapshot(path: string): Record<string, unknown> {
  const directory = join(path, "..");
  return Object.fromEntries(
    readdirSync(directory).map((name) => {
      const { mode, ino } = statSync(join(directory, name));
      return [name, [readFileSync(join(directory, name)).toString("base64"), mode & 0o7777, ino]];
    }),
  );
}

function withoutInodes(files: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(files).map(([name, facts]) => [name, Array.isArray(facts) && facts.slice(0, 2)]),
  );
}

const asked = (path: string) => ({ paths: [path], recurse: true, exclude: [] });

const expectUnwrapped = (path: string): void => {
  const report = unwrap({ ...asked(path), dryRun: false });
  expect(report.issues).toEqual([]);
};

/** Tries every layout of every architecture equally often; the second way is any. */
function check(property: (executable: RandomExecutable, first: RandomWay, second: RandomWay) => void): void {
  console.info(`seed ${seed}, ${numRuns} executables in ${layouts.length} layouts`);
  for (const [index, layout] of layouts.entries()) {
    const executable = randomExecutable(layout.architecture);
    fc.assert(fc.property(executable, randomWay(layout), anyWay, property), {
      seed: seed + index,
      numRuns: Math.ceil(numRuns / layouts.length),
    });
  }
}

const errorsOf = (outcome: RunOutcome) => outcome.issues.filter((issue) => severityOf(issue) === "error");

test("a wrapped executable, unwrapped, is the original in bytes and mode, and nothing lies beside it", () => {
  const wrapped = new Map<string, number>();
  const placements = new Map<string, number>();
  const countIn = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  check((executable, way) => {
    const path = write(executable);
    const before = snapshot(path);
    const outcome = wrap(path, executable, way);
    if (outcome.ok) {
      countIn(wrapped, executable.architecture.name);
      for (const file of outcome.files) {
        if (file.kind === "wrapped") countIn(placements, file.facts.placement.kind);
        if (file.kind === "in-place") countIn(placements, `in place, entry: ${file.facts.entrySource ?? "none"}`);
      }
      expect(snapshot(path)).not.toEqual(before);
      expectUnwrapped(path);
    }
    // An executable is replaced by a changed copy.
    expect(withoutInodes(snapshot(path))).toEqual(withoutInodes(before));
  });
  const shown = [...wrapped, ...placements].map(([name, files]) => `${files} ${name}`);
  console.info(`wrapped: ${shown.join(", ")}`);
  expect([...wrapped.keys()]).toEqual(architectures.map(({ name }) => name));
  expect([...wrapped.values()].reduce((sum, files) => sum + files, 0)).toBeGreaterThan(numRuns / 2);
});

test("verifying says yes of what is wrapped, and of nothing else", () => {
  check((executable, way) => {
    const path = write(executable);
    const verified = () => verify({ ...asked(path), ignoreMissing: ["libabsent*"], storeDirectory: storeOf(way) });
    expect(verified().ok).toBe(false);
    const outcome = wrap(path, executable, way);
    const { ok, issues } = verified();
    expect(ok, JSON.stringify([errorsOf(outcome), issues.map(({ kind }) => kind)])).toBe(outcome.ok);
    if (!outcome.ok) return;
    expectUnwrapped(path);
    expect(verified().ok).toBe(false);
  });
});

test("a wrapped executable, wrapped again, does not change", () => {
  check((executable, way) => {
    const path = write(executable);
    if (!wrap(path, executable, way).ok) return;
    const once = snapshot(path);
    expect(wrap(path, executable, way)).toMatchObject({
      ok: true,
      files: [{ kind: expect.stringMatching(/^already-/) }],
    });
    expect(snapshot(path)).toEqual(once);
  });
});

test("a wrapped executable, wrapped in another way, is the original wrapped in that way", () => {
  check((executable, first, second) => {
    const path = write(executable);
    wrap(path, executable, first);
    const { ok } = wrap(path, executable, second);
    const again = withoutInodes(snapshot(path));
    if (ok) expectUnwrapped(path);
    if (ok) expect(readFileSync(path).equals(bytesOf(executable))).toBe(true);
    write(executable, path);
    expect(wrap(path, executable, second).ok).toBe(ok);
    if (ok) expect(withoutInodes(snapshot(path))).toEqual(again);
  });
});

test("only the saved range and one program header's type are changed, or what texts in place may change", () => {
  check((executable, way) => {
    const path = write(executable);
    const before = readFileSync(path);
    const [file] = wrap(path, executable, way).files;
    if (file?.kind === "in-place") expect(complaintInPlace(readFileSync(path), before, false)).toBeUndefined();
    if (file?.kind !== "wrapped") return;
    const { savedOffset, savedSize } = file.facts.placement;
    const after = readFileSync(path);
    expect(after.length).toBe(before.length);
    const outside = [...after.keys()].filter(
      (at) => after[at] !== before[at] && (at < savedOffset || at >= savedOffset + savedSize),
    );
    expect(outside).toHaveLength(1);
  });
});
