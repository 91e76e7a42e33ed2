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
import { architectures } from "../../../src/native/architectures.ts";
import { blobsOf } from "../../../src/native/blobs.ts";
import type { RunOutcome } from "../../../src/outcome.ts";
import { run } from "../../../src/pipeline.ts";
import { unwrap } from "../../../src/unwrap/unwrap.ts";
import { buildElf } from "../../support/elf-builder.ts";
import { createLibraryTree, type LibraryTree } from "../../support/library-tree.ts";
import { wrapRequestOf } from "../../support/wrap-request.ts";
import { formatOf, type RandomExecutable, type RandomWay, randomExecutable, randomWay } from "./random-executable.ts";

/** Set SEED to repeat a run, RUNS for a longer one. */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env["RUNS"] ?? 120);

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

/** Writes it into a directory of its own, or anew to where it was. */
function write({ spec, name, mode }: RandomExecutable, path = join(tree.at(`files/${count++}`), name)): string {
  rmSync(join(path, ".."), { recursive: true, force: true });
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, buildElf(spec).bytes);
  chmodSync(path, mode);
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
      ...(way.isInStore ? { storeDirectory: tree.root } : {}),
    }),
  );
}

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

const expectUnwrapped = (path: string): void => {
  const report = unwrap({ paths: [path], recurse: true, exclude: [], dryRun: false });
  expect(report.issues).toEqual([]);
};

function check(property: (executable: RandomExecutable, first: RandomWay, second: RandomWay) => void): void {
  console.info(`seed ${seed}, ${numRuns} executables`);
  fc.assert(fc.property(randomExecutable, randomWay, randomWay, property), { seed, numRuns });
}

test("a wrapped executable, unwrapped, is the original in bytes, mode and inode, and nothing lies beside it", () => {
  let wrapped = 0;
  check((executable, way) => {
    const path = write(executable);
    const before = snapshot(path);
    const outcome = wrap(path, executable, way);
    if (outcome.ok) {
      wrapped++;
      expect(snapshot(path)).not.toEqual(before);
      expectUnwrapped(path);
    }
    expect(snapshot(path)).toEqual(before);
  });
  expect(wrapped).toBeGreaterThan(numRuns / 2);
});

test("a wrapped executable, wrapped again, does not change", () => {
  check((executable, way) => {
    const path = write(executable);
    if (!wrap(path, executable, way).ok) return;
    const once = snapshot(path);
    expect(wrap(path, executable, way)).toMatchObject({ ok: true, files: [{ kind: "already-wrapped" }] });
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
    if (ok) expect(readFileSync(path).equals(buildElf(executable.spec).bytes)).toBe(true);
    write(executable, path);
    expect(wrap(path, executable, second).ok).toBe(ok);
    if (ok) expect(withoutInodes(snapshot(path))).toEqual(again);
  });
});

test("only the saved range and one program header's type are changed", () => {
  check((executable, way) => {
    const path = write(executable);
    const before = readFileSync(path);
    const [file] = wrap(path, executable, way).files;
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
