import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";
import { version } from "../../../src/cli/version.ts";
import { bundleCommandLine } from "../../support/bundled-command-line.ts";
import { buildElf } from "../../support/elf/elf-builder.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const directory = temporaryDirectory();
let main: string;
beforeAll(async () => {
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  main = await bundleCommandLine(directory);
});

const start = (...words: readonly string[]) => execa("node", [main, ...words], { cwd: directory, reject: false });

test("--version prints the version of package.json", async () => {
  expect(await start("--version")).toMatchObject({ exitCode: 0, stdout: version, stderr: "" });
});

test("a failed run exits with 1, its message on standard error", async () => {
  expect(await start("absent")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("wrap-buddy: error: ./absent: no such file or directory"),
  });
});

test("wrong usage exits with 2", async () => {
  expect(await start("--nonsense")).toMatchObject({ exitCode: 2, stdout: "" });
});

test("a bug exits with 70 and says how to report it", async () => {
  // This bundle has been put where there are no blobs, which no user's mistake can do.
  writeFileSync(join(directory, "tool"), buildElf().bytes);
  writeFileSync(
    join(directory, "ld-linux-x86-64.so.2"),
    buildElf({ interpreter: null, soname: "ld-linux-x86-64.so.2" }).bytes,
  );
  const { exitCode, stderr } = await start("tool", "--interpreter", "ld-linux-x86-64.so.2");
  expect([exitCode, stderr]).toEqual([70, expect.stringMatching(/this is a bug[\s\S]*ENOENT[\s\S]*help: report it/)]);
});

test("a reader that goes away early is no failure", async () => {
  const { stdout } = await execa("bash", ["-c", 'node "$0" --help | exec true; echo "$PIPESTATUS"', main]);
  expect(stdout).toBe("0");
});

test("a reader that goes away does not hide a failure", async () => {
  const script = 'node "$0" absent --json 2>&1 | exec true; echo "$PIPESTATUS"';
  expect((await execa("bash", ["-c", script, main])).stdout).toBe("1");
});

test("a report that cannot be written is a failure", async () => {
  const { exitCode, stderr } = await execa("bash", ["-c", 'node "$0" --help > /dev/full', main], { reject: false });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("standard output: no space left on device (ENOSPC)")]);
});

test("a file whose name is not UTF-8 can be named on the command line", async () => {
  const script = 'printf x > "$(printf "caf\\351")"; node "$0" "$(printf "caf\\351")"';
  const { stderr } = await execa("bash", ["-c", script, main], { cwd: directory, reject: false });
  expect(stderr).toContain("wrap-buddy: error: ./caf\\xe9: not an ELF file");
});

test("a working directory that is gone is said, and is no bug", async () => {
  const script = 'mkdir gone && cd gone && rmdir ../gone && node "$0" tool';
  const { exitCode, stderr } = await execa("bash", ["-c", script, main], { cwd: directory, reject: false });
  expect(exitCode).toBe(1);
  expect(stderr).toMatchInlineSnapshot(`
    "wrap-buddy: error: the working directory: no such file or directory (ENOENT)
      help: change to a directory that is there"
  `);
});

test("relative paths are found in a working directory whose name is not UTF-8", async () => {
  const script = 'mkdir "$(printf "caf\\352")" && cd "$(printf "caf\\352")" && printf x >file && node "$0" file';
  const { stderr } = await execa("bash", ["-c", script, main], { cwd: directory, reject: false });
  expect(stderr).toContain("wrap-buddy: error: ./file: not an ELF file");
});
