// Real firejail: where its filters let a wrapped program start, and what of them does not.

import { writeFileSync } from "node:fs";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { buildProgram } from "../../support/compiled/program.ts";
import { type Ran, wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const absentLinker = "/absent/ld-linux-x86-64.so.2";
const code = '#include <stdio.h>\nint main(void) { puts("works"); return 7; }';
const works = { stdout: "works\n", stderr: "", exitCode: 7 };

/** Runs a program of this machine in a sandbox of firejail's, without network; `options` are firejail's. */
async function jailed(options: readonly string[], file: string): Promise<Ran> {
  const always = ["--quiet", "--net=none"];
  const ran = await execa("firejail", [...always, ...options, file], {
    reject: false,
    stdin: "ignore",
    stripFinalNewline: false,
    timeout: 30_000,
  });
  if (ran.exitCode === undefined) throw new Error(`firejail ${options.join(" ")}: ${ran.shortMessage}`);
  return { stdout: ran.stdout, stderr: ran.stderr, exitCode: ran.exitCode };
}

/** A profile of these lines: firejail takes `ignore` from one only, and only before what it is about. */
function profile(...lines: readonly string[]): string {
  const file = `${temporaryDirectory()}/program.profile`;
  writeFileSync(file, `${lines.join("\n")}\n`);
  return `--profile=${file}`;
}

const plain = {
  "no profile": ["--noprofile"],
  "its list of system calls": ["--noprofile", "--seccomp"],
  "no capabilities, no new privileges": ["--noprofile", "--caps.drop=all", "--nonewprivs", "--seccomp"],
} as const;

describe.each(["stub", "in-place"])("a program wrapped with --form %s", { tags: ["firejail"] }, (form) => {
  let file: string;
  const [denying, ignoring] = [
    profile("memory-deny-write-execute"),
    profile("ignore memory-deny-write-execute", "memory-deny-write-execute"),
  ];

  beforeAll(async () => {
    const flags = ["-O2", `-Wl,--dynamic-linker=${absentLinker}`];
    const { store, path } = await buildProgram({ files: { "works.c": code }, flags });
    file = hostPath(store, path);
    for (const options of [...Object.values(plain), [denying]]) {
      expect(await jailed(options, file)).toMatchObject({
        exitCode: 1,
        stderr: "Cannot start application: No such file or directory\n",
      });
    }
    const words = [file, "--form", form, "--interpreter", "/lib64/ld-linux-x86-64.so.2"];
    expect(await wrapBuddy(store, words)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it.each(Object.entries(plain))("starts in firejail with %s", async (_, options) => {
    expect(await jailed(options, file)).toEqual(works);
  });

  it(`${form === "stub" ? "ends with a message" : "starts"} under memory-deny-write-execute`, async () => {
    const sidecar = file.replace(/program$/, ".program.wrapbuddy");
    const stderr = `wrap-buddy: error: ${sidecar}: cannot restore the entry point (error 1)\n`;
    expect(await jailed([denying], file)).toEqual(form === "stub" ? { stdout: "", stderr, exitCode: 127 } : works);
  });

  it("starts with a profile that ignores memory-deny-write-execute", async () => {
    expect(await jailed([ignoring], file)).toEqual(works);
  });
});
