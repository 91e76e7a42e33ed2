import { chmodSync, existsSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Copy } from "../../../../src/patch/write/copy-bytes.ts";
import { runCp } from "../../../../src/patch/write/copy-program.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

let directory: string;
/** Where each process of `cp` was started, a line each. */
let log: string;
beforeEach(() => {
  directory = temporaryDirectory();
  log = join(directory, "log");
  programs('exec /bin/cp "$@"');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function programs(command: string): void {
  const programs = temporaryDirectory();
  writeFileSync(join(programs, "cp"), `#!/bin/sh\npwd >> ${log}\n${command}\n`);
  chmodSync(join(programs, "cp"), 0o755);
  vi.stubEnv("PATH", `${programs}:${process.env["PATH"] ?? ""}`);
}

/** Files of their own bytes, modes and times, and empty copies. All have one name, in directories of their own. */
function copiesOf(count: number): readonly Copy[] {
  return Array.from({ length: count }, (_, index) => {
    const from = join(temporaryDirectory(), 'a "name"\nof two lines');
    writeFileSync(from, `content ${index}`);
    chmodSync(from, index % 2 === 0 ? 0o751 : 0o640);
    utimesSync(from, index, index);
    writeFileSync(`${from}~`, "", { mode: 0o600 });
    return { from, to: `${from}~` };
  });
}

const startedIn = (): readonly string[] => readFileSync(log, "utf8").trimEnd().split("\n");
const options = ["--preserve=all", "--no-preserve=links"];

function expectCopied(copies: readonly Copy[]): void {
  for (const { from, to } of copies) {
    const [wanted, made] = [statSync(from), statSync(to)];
    expect(readFileSync(to, "utf8")).toBe(readFileSync(from, "utf8"));
    expect([made.mode, made.mtimeMs, made.nlink]).toEqual([wanted.mode, wanted.mtimeMs, 1]);
    expect(made.ino).not.toBe(wanted.ino);
  }
}

test("one process serves up to sixteen files, and two serve a hundred, whatever their names are", () => {
  const few = copiesOf(16);
  expect(runCp(options, few)).toEqual(new Map());
  expectCopied(few);
  expect(startedIn()).toHaveLength(1);
  const many = copiesOf(100);
  expect(runCp(options, many)).toEqual(new Map());
  expectCopied(many);
  expect(startedIn()).toHaveLength(3);
  for (const path of startedIn()) expect(existsSync(path)).toBe(false);
});

test("two copies of one executable are two files", () => {
  const [copy] = copiesOf(1);
  if (copy === undefined) throw new Error("there is one");
  const second = { from: copy.from, to: `${copy.from}+` };
  writeFileSync(second.to, "");
  expect(runCp(options, [copy, second])).toEqual(new Map());
  expectCopied([copy, second]);
});

test("where one fails, all others are copied, and cp's words are said of that one", () => {
  const copies = copiesOf(30);
  const absent = { from: join(directory, "absent"), to: join(directory, "absent~") };
  const problems = runCp(options, [...copies.slice(0, 20), absent, ...copies.slice(20)]);
  expectCopied(copies);
  expect([...problems]).toEqual([[absent, expect.stringContaining("No such file or directory")]]);
  expect(startedIn().length).toBeLessThan(copies.length / 2);
});

test("a cp that cannot serve many files serves them one by one", () => {
  programs('case "$*" in *" -t to "*) exit 1 ;; esac\nexec /bin/cp "$@"');
  const copies = copiesOf(3);
  expect(runCp(options, copies)).toEqual(new Map());
  expectCopied(copies);
  expect(startedIn()).toHaveLength(5);
});
