import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readableFile, readElfFile } from "../../../src/files/read-file.ts";
import { buildElf } from "../../support/elf/elf-builder.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const directory = temporaryDirectory();
const path = join(directory, "tool");
writeFileSync(path, buildElf().bytes);

test("a good file is handed over", () => {
  expect(readElfFile(path, (elf) => elf.interpreter())).toEqual({
    kind: "read",
    result: "/lib64/ld-linux-x86-64.so.2",
  });
});

test("a file that is not there is unreadable", () => {
  expect(readElfFile(join(directory, "absent"), () => 0)).toEqual({ kind: "unreadable", code: "ENOENT" });
});

test("a file that cannot be read is unreadable", () => {
  expect(readElfFile("/proc/self/mem", () => 0).kind).toBe("damaged");
  expect(readElfFile(directory, () => 0)).toEqual({ kind: "unreadable", code: "EISDIR" });
});

test("a file that is no ELF file is damaged", () => {
  const text = join(directory, "text");
  writeFileSync(text, "text");
  expect(readElfFile(text, () => 0)).toMatchObject({ kind: "damaged" });
});

test("what fails for another file while this one is open is not this one's fault", () => {
  expect(() => readElfFile(path, () => readFileSync(join(directory, "absent")))).toThrow("ENOENT");
});

test("a file that is used again is opened only for what has not been read of it", () => {
  const long = join(directory, "long");
  writeFileSync(long, Buffer.concat([readFileSync(path), Buffer.alloc(100_000)]));
  const file = readableFile(long);
  expect(file.use((elf) => elf.interpreter())).toMatchObject({ kind: "read" });
  expect(file.use((elf) => elf.source.read(90_000, 1))).toMatchObject({ kind: "read" });
  rmSync(long);
  expect(file.use((elf) => elf.interpreter())).toEqual({ kind: "read", result: "/lib64/ld-linux-x86-64.so.2" });
  expect(file.use((elf) => elf.source.read(99_000, 1))).toEqual({ kind: "unreadable", code: "ENOENT" });
});

test("a file of which nothing is kept is read again", () => {
  const other = join(directory, "other");
  writeFileSync(other, readFileSync(path));
  const file = readableFile(other);
  expect(file.use((elf) => elf.interpreter())).toMatchObject({ kind: "read" });
  file.forget();
  expect(file.use((elf) => elf.interpreter())).toEqual({ kind: "read", result: "/lib64/ld-linux-x86-64.so.2" });
  file.forget();
  rmSync(other);
  expect(file.use((elf) => elf.interpreter())).toEqual({ kind: "unreadable", code: "ENOENT" });
});
