import { Buffer } from "node:buffer";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import type { ElfFile } from "../../../../src/elf/elf-file.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import type { Edit } from "../../../../src/patch/file-plan.ts";
import type { InPlaceContent } from "../../../../src/patch/in-place/in-place-plan.ts";
import { planInPlace } from "../../../../src/patch/in-place/plan-in-place.ts";
import { readInPlace, removingEdits } from "../../../../src/patch/in-place/read-in-place.ts";
import { lld } from "../../../support/compiled/compile.ts";
import { machines } from "../../../support/compiled/machines.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const store = `/nix/store/${"a".repeat(32)}`;
const runPath = [`${store}-gcc-14.3.0-lib/lib`, `${store}-zlib-1.3.1/lib`];

/** A library for each architecture that lld leaves no room after a segment of, but a page to align one section. */
async function compactLibraries(): Promise<string> {
  const directory = temporaryDirectory();
  const code = `
    int inner(void);
    static const int page[4] __attribute__((aligned(4096))) = {1};
    const int *kept = page;
    int answer(void) { return inner() * *kept; }`;
  for (const { name, lldFlags } of machines) {
    const words = [...lldFlags, "-O2", "-fPIC", "-shared", "-nostdlib", "-Wl,--build-id=none", "-xc", "-"];
    await execa(lld.compiler, [...words, "-o", join(directory, `${name}.so`)], { input: code });
  }
  return directory;
}

/**
 * Libraries of Debian's cross compilers and of this machine, and its executables: both classes, both byte orders. And
 * libraries with room between sections alone.
 */
const places = [
  ["libraries with a gap", await compactLibraries(), machines.length],
  ["x86_64 executables", "/usr/bin", 40],
  ["x86_64 libraries", "/usr/lib/x86_64-linux-gnu", 40],
  ["i386 libraries", "/usr/i686-linux-gnu/lib", 20],
  ["aarch64 libraries", "/usr/aarch64-linux-gnu/lib", 20],
  ["arm libraries", "/usr/arm-linux-gnueabihf/lib", 20],
  ["riscv64 libraries", "/usr/riscv64-linux-gnu/lib", 20],
  ["powerpc64le libraries", "/usr/powerpc64le-linux-gnu/lib", 20],
  ["s390x libraries", "/usr/s390x-linux-gnu/lib", 20],
] as const;

/** The first dynamically linked ELF files of a directory, none of more than 4 MB. */
function filesOf(directory: string, count: number): readonly { readonly path: string; readonly bytes: Buffer }[] {
  const found: { path: string; bytes: Buffer }[] = [];
  for (const name of readdirSync(directory).sort()) {
    const path = join(directory, name);
    const status = statSync(path, { throwIfNoEntry: false });
    if (!status?.isFile() || status.size > 1 << 22 || status.size < 64) continue;
    const bytes = readFileSync(path);
    if (bytes.readUInt32BE(0) !== 0x7f454c46 || elfOf(bytes).dynamic() === undefined) continue;
    found.push({ path, bytes });
    if (found.length === count) break;
  }
  return found;
}

function elfOf(bytes: Buffer): ElfFile {
  return parseElf(bufferSource(bytes));
}

/** The bytes after some edits, each of which has to find what it expects. */
function edited(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const changed = Buffer.from(bytes);
  for (const { what, offset, before, after } of edits) {
    expect(changed.subarray(offset, offset + before.length), what).toEqual(Buffer.from(before));
    changed.set(after, offset);
  }
  return changed;
}

function contentFor(elf: ElfFile, changes: Partial<InPlaceContent> = {}): InPlaceContent {
  const interpreter = elf.interpreter() === undefined ? undefined : `${store}-glibc-2.42/lib/ld-linux-x86-64.so.2`;
  return { interpreter, runPath, tag: "runpath", ...changes };
}

/** The edits from `bytes`, whatever state they are in; undefined where the file has no room. */
function editsFor(path: string, bytes: Buffer, changes: Partial<InPlaceContent> = {}): readonly Edit[] | undefined {
  const current = elfOf(bytes);
  const reading = readInPlace(current);
  const found = reading.kind === "in-place" ? reading : undefined;
  const original = found?.elf ?? current;
  const planned = planInPlace({ path, current, original, found, content: contentFor(original, changes) });
  return planned.kind === "plan" ? planned.edits : undefined;
}

describe.each(places)("%s", (_, directory, count) => {
  const files = filesOf(directory, count).flatMap(({ path, bytes }) => {
    const edits = editsFor(path, bytes);
    return edits === undefined ? [] : [{ path, bytes, edits }];
  });

  test("have room in place, nearly all of them", () => {
    expect(files.length).toBeGreaterThan(count * 0.7);
  });

  test("can be taken back to the original after every step", () => {
    for (const { path, bytes, edits } of files) {
      for (let done = 1; done <= edits.length; done++) {
        const stopped = edited(bytes, edits.slice(0, done));
        const elf = elfOf(stopped);
        const found = readInPlace(elf);
        if (found.kind !== "in-place") throw new Error(`${path} after ${done} steps: ${JSON.stringify(found)}`);
        expect(found.unwritten.length === 0).toBe(done === edits.length);
        expect(edited(stopped, removingEdits(elf, found)).equals(bytes), path).toBe(true);
      }
    }
  });

  test("are finished by a second run, whatever step the first was stopped after", () => {
    for (const { path, bytes, edits } of files) {
      const whole = edited(bytes, edits);
      for (let done = 0; done < edits.length; done++) {
        const stopped = edited(bytes, edits.slice(0, done));
        expect(edited(stopped, editsFor(path, stopped) ?? []).equals(whole), path).toBe(true);
      }
      expect(editsFor(path, whole), path).toEqual([]);
    }
  });

  test("come out the same whatever stood in them before", () => {
    const changes = { runPath: ["/other"], tag: "rpath" } as const;
    for (const { path, bytes, edits } of files) {
      const fresh = edited(bytes, editsFor(path, bytes, changes) ?? []);
      const whole = edited(bytes, edits);
      expect(edited(whole, editsFor(path, whole, changes) ?? []).equals(fresh), path).toBe(true);
    }
  });
});
