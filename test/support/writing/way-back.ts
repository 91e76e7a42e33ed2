// Executables wrapped in one way after another and restored, with what each step has to leave. Nothing is started.

import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
} from "node:fs";
import { basename, join } from "node:path";
import { unwrap } from "../../../src/commands/unwrap/unwrap.ts";
import { verify } from "../../../src/commands/verify/verify.ts";
import { severityOfFound } from "../../../src/commands/verify/verify-issues.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { architectures } from "../../../src/patch/architecture/architectures.ts";
import { blobsOf } from "../../../src/patch/blobs.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";
import { severityOf } from "../../../src/report/issues/all-issues.ts";
import { wrapRequestOf } from "../simulated/wrap-request.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** Path below the tree to SHA-256, mode and size, or where a link leads. */
type Facts = ReadonlyMap<string, string>;

/** Of all files in a tree; "untouched" adds the inode and the time of the last write, which a file that is written loses. */
function factsOf(tree: string, what: "content" | "untouched" = "content"): Facts {
  const names = readdirSync(tree, { recursive: true, encoding: "utf8" }).sort();
  return new Map(
    names.flatMap((name) => {
      const path = join(tree, name);
      const { mode, size, ino, mtimeNs } = lstatSync(path, { bigint: true });
      if ((Number(mode) & constants.S_IFMT) !== constants.S_IFREG) return [];
      const untouched = what === "untouched" ? ` ${ino} ${mtimeNs}` : "";
      return [[name, `${hashOf(path)} ${(mode & 0o7777n).toString(8)} ${size}${untouched}`]];
    }),
  );
}

/** By pieces: some executables are larger than half of what a test may take. */
function hashOf(path: string): string {
  const hash = createHash("sha256");
  const descriptor = openSync(path, "r");
  const piece = Buffer.allocUnsafe(1 << 22);
  for (let count = -1; count !== 0; ) {
    count = readSync(descriptor, piece);
    hash.update(piece.subarray(0, count));
  }
  closeSync(descriptor);
  return hash.digest("hex");
}

function differences(expected: Facts, found: Facts): readonly string[] {
  const names = [...new Set([...expected.keys(), ...found.keys()])];
  return names
    .filter((name) => expected.get(name) !== found.get(name))
    .map((name) => `${name}: ${found.get(name) ?? "gone"} instead of ${expected.get(name) ?? "nothing"}`);
}

/** A directory with the shared loader of every architecture. */
function sharedLoaders(): string {
  const directory = temporaryDirectory();
  for (const architecture of architectures) {
    copyFileSync(blobsOf(architecture).loaderPath, join(directory, `loader-${architecture.name}.bin`));
  }
  return directory;
}

/** Ways to wrap that differ in all that a file can show of it. */
function waysIn(tree: string): { readonly [title: string]: Partial<WrapRequest> } {
  return {
    "beside /proc/self/exe": { relocatable: true },
    "by its absolute path, pinned": { storeDirectory: tree, pin: "always" },
    "with a shared loader and a longer run path": {
      relocatable: true,
      loaderDirectory: sharedLoaders(),
      runPathMode: "rpath",
      appendRunPath: [`/opt/${"long".repeat(300)}`],
    },
    "in place where there is room": { form: "auto" },
    "by its absolute path, with a shared loader": { storeDirectory: tree, loaderDirectory: sharedLoaders() },
  };
}

export interface WayBack {
  readonly wrapped: number;
  /** What is not as it has to be; none where all is well. */
  readonly complaints: readonly string[];
}

/**
 * Wraps all executables in the tree in each of several ways, each over the one before, and restores them, then each way
 * over the originals. The libraries may be anywhere: which are found does not matter here.
 */
export function goThereAndBack(tree: string, interpreters: readonly string[]): WayBack {
  const complaints: string[] = [];
  const note = (step: string, lines: readonly string[]): void => {
    complaints.push(...lines.map((line) => `${step}: ${line}`));
  };
  const looked = { paths: [tree], recurse: true, exclude: [] };
  const wrap = (changes: Partial<WrapRequest>) =>
    run(wrapRequestOf([tree], { interpreters, ignoreMissing: ["*"], ...changes }));
  const wrapAs = (title: string, changes: Partial<WrapRequest>, kind: "rewrapped" | "fresh"): number => {
    const { issues, files } = wrap(changes);
    note(
      title,
      issues.filter((issue) => severityOf(issue) === "error").map((issue) => JSON.stringify(issue)),
    );
    // Executables: a library is written only in the ways that have something for it.
    const wrapped = files.flatMap((file) =>
      file.kind === "wrapped" || (file.kind === "in-place" && file.facts.interpreter !== undefined) ? [file] : [],
    );
    const other = wrapped.filter(({ rewrapped }) => rewrapped !== (kind === "rewrapped"));
    note(
      title,
      other.map(({ path }) => `${path} is not ${kind}`),
    );
    return wrapped.length;
  };
  const restore = (title: string): void => {
    const { issues } = unwrap({ ...looked, dryRun: false });
    note(
      title,
      issues.map((issue) => JSON.stringify(issue)),
    );
    note(title, differences(original, factsOf(tree)));
  };

  const original = factsOf(tree);
  const ways = Object.entries(waysIn(tree));
  const afterEach = new Map<string, Facts>();
  let count: number | undefined;
  for (const [title, changes] of ways) {
    const wrapped = wrapAs(title, changes, count === undefined ? "fresh" : "rewrapped");
    count ??= wrapped;
    if (wrapped !== count) note(title, [`${wrapped} files wrapped, not ${count}`]);
    const once = factsOf(tree, "untouched");
    const again = wrap(changes).files.filter(({ kind }) => kind === "wrapped" || kind === "in-place");
    note(
      `${title}, again`,
      again.map(({ path }) => `${path} is written`),
    );
    note(`${title}, again`, differences(once, factsOf(tree, "untouched")));
    const verified = verify({
      ...looked,
      ignoreMissing: ["*"],
      storeDirectory: changes.storeDirectory ?? "/nix/store",
    });
    const found = verified.issues.filter((issue) => severityOfFound(issue) === "error");
    note(
      `${title}, verified`,
      found.map((issue) => JSON.stringify(issue)),
    );
    afterEach.set(title, factsOf(tree));
  }
  restore("restored after all ways");
  for (const [title, changes] of ways) {
    wrapAs(`${title}, from the original`, changes, "fresh");
    const fresh = factsOf(tree);
    note(`${title}, over another way`, differences(fresh, afterEach.get(title) ?? new Map()));
    restore(`${title}, restored`);
  }
  return { wrapped: count ?? 0, complaints };
}

/** The regular files of some directories, each once whatever links lead to it; a directory may be missing. */
export function filesIn(...directories: readonly string[]): readonly string[] {
  const there = directories.filter((directory) => existsSync(directory)).map((directory) => realpathSync(directory));
  return [...new Set(there)].flatMap((directory) =>
    readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => join(directory, name)),
  );
}

/** What a mode can do to a write, and a write to a mode. */
const modes = [0o755, 0o555, 0o4755, 0o500, 0o2711];

/** Copies the ELF files with an interpreter among `files` into one tree, with modes of several kinds. */
export function copyExecutables(files: readonly string[], into = temporaryDirectory()): string {
  const tree = join(into, "tree");
  for (const [index, file] of files.filter(namesInterpreter).entries()) {
    const directory = join(tree, `${index % 10}`);
    mkdirSync(directory, { recursive: true });
    const name = basename(file);
    const target = join(directory, existsSync(join(directory, name)) ? `${index}-${name}` : name);
    copyFileSync(file, target);
    chmodSync(target, modes[index % modes.length] ?? 0);
  }
  return tree;
}

function namesInterpreter(file: string): boolean {
  const head = Buffer.alloc(4096);
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const count = readSync(descriptor, head);
    if (head.readUInt32BE(0) !== 0x7f454c46) return false;
    return parseElf(bufferSource(head.subarray(0, count))).programHeaders.some(({ type }) => type === 3);
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
}
