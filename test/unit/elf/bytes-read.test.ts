// How much of a file the reader reads, counted by the kernel.

import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { fileSource } from "../../../src/elf/source.ts";
import { discover } from "../../../src/files/discover.ts";
import { buildElf } from "../../support/elf/elf-builder.ts";

/** Bytes that this thread has read by system calls so far. Source: proc(5), /proc/pid/io, rchar. */
function bytesRead(): number {
  return Number(/rchar: (\d+)/.exec(readFileSync("/proc/thread-self/io", "utf8"))?.[1]);
}

/** Bytes that reading the file takes, when all is asked of it that wrapping needs. */
function bytesReadOf(path: string, size: number): number {
  const descriptor = openSync(path, "r");
  try {
    const before = bytesRead();
    const ofAsking = bytesRead() - before;
    const start = bytesRead();
    const elf = parseElf(fileSource(descriptor, size));
    elf.interpreter();
    elf.dynamic();
    elf.versionNeeds();
    elf.notes();
    elf.sections();
    return bytesRead() - start - ofAsking;
  } finally {
    closeSync(descriptor);
  }
}

const directory = mkdtempSync(join(tmpdir(), "wrap-buddy-bytes-"));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe("reading an executable", () => {
  test("takes at most 64 KB, for all of /usr/bin", () => {
    const { candidates } = discover(["/usr/bin"], { recurse: false, exclude: [] });
    const amounts = candidates.map(({ path, size }) => ({ path, bytes: bytesReadOf(path, size) }));
    expect(amounts.filter(({ bytes }) => bytes > 65_536)).toEqual([]);
    const most = amounts.reduce((a, b) => (a.bytes > b.bytes ? a : b));
    console.log(`most bytes read of an executable: ${most.bytes} (${most.path})`);
  });

  test("takes no more when it has 300 MB after it", () => {
    const path = join(directory, "large");
    const { bytes } = buildElf({ needed: ["libc.so.6"] });
    const descriptor = openSync(path, "w");
    writeSync(descriptor, bytes);
    ftruncateSync(descriptor, 300_000_000);
    closeSync(descriptor);
    expect(bytesReadOf(path, 300_000_000)).toBeLessThan(20_000);
  });
});
