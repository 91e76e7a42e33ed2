// What a wrapped program looks like to those who trace it: system calls, library calls, samples.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { type Ran, runBesideStore } from "../../support/roots/sandbox.ts";
import { hostPath, type Store } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { x86_64Forms } from "../behaviour/forms.ts";
import { bothRuns, installedBefore, toolForms } from "./on-this-machine.ts";

const programs = installedBefore({
  "run itself": { program: "processes/run-itself.c" },
  calls: {
    program: "libraries/library-calls.c",
    linkedWith: ["-lm"],
    flags: ["-fno-builtin"],
    forms: toolForms,
    arguments: ["an argument"],
  },
  work: { program: "processes/work.c", forms: toolForms },
});

/** A line of strace without what differs from start to start: addresses, random bytes, alignment to them. */
const withoutChance = (line: string): string =>
  line.replaceAll(/0x[0-9a-f]+|\\x[0-9a-f]{2}/g, "?").replaceAll(/ +/g, " ");

/** The calls of each process, in the order in which they began; after each exec from the dynamic linker's first on. */
async function systemCalls(store: Store, command: readonly string[]): Promise<readonly (readonly string[])[]> {
  const directory = temporaryDirectory();
  const { exitCode } = await runBesideStore(store, ["strace", "-ff", "-o", join(directory, "trace"), ...command]);
  expect(exitCode).toBe(3);
  const files = readdirSync(directory).sort((a, b) => Number(a.split(".")[1]) - Number(b.split(".")[1]));
  return files.map((file) => {
    let isBeforeLinker = false;
    const lines = readFileSync(join(directory, file), "utf8").split("\n");
    return lines.map(withoutChance).filter((line) => {
      if (line.startsWith("brk(NULL)")) isBeforeLinker = false;
      // A child may end before its parent waits for it, or after.
      const isShown = !isBeforeLinker && !line.startsWith("--- SIGCHLD");
      if (line.startsWith("execve(")) isBeforeLinker = true;
      return isShown;
    });
  });
}

describe("strace -f shows the calls of a program that patchelf patched, from the dynamic linker's first on:", {
  tags: ["trace"],
}, () => {
  it.each(x86_64Forms)("%s", async (form) => {
    const { original, wrapped, interpreter, command } = programs(form);
    const [path] = command("run itself");
    const file = hostPath(original, path);
    await execa("patchelf", ["--set-interpreter", interpreter, "--set-rpath", dirname(interpreter), file]);
    const [patched, ours] = [await systemCalls(original, [path]), await systemCalls(wrapped, [path])];
    expect(patched.length).toBeGreaterThan(5);
    if (form === "not pinned") {
      expect(ours).toEqual(patched);
    } else {
      // The first directory that is searched is the right one, so all that fails there is what pins save.
      const withoutSearch = (calls: typeof patched) =>
        calls.map((lines) => lines.filter((line) => !/-hwcaps|ENOENT/.test(line)));
      expect(withoutSearch(ours)).toEqual(withoutSearch(patched));
    }
  });
});

describe("ltrace shows the library calls of the original:", { tags: ["trace"] }, () => {
  /** Of functions that take other arguments than ltrace knows of it prints what registers hold. */
  const callsIn = ({ stderr }: Ran): readonly string[] => stderr.split("\n").map((line) => line.replace(/\(.*/, ""));

  it.each(toolForms)("%s", async (form) => {
    const { native, wrapped } = await bothRuns(programs(form), "calls", (command) => ["ltrace", ...command]);
    expect(callsIn(native)).toEqual(expect.arrayContaining(["malloc", "pow", "strchr", "getenv", "getpid"]));
    expect(callsIn(wrapped)).toEqual(callsIn(native));
    expect([wrapped.stdout, wrapped.exitCode]).toEqual([native.stdout, native.exitCode]);
  });
});

describe("perf gives samples the names of the original's functions, and of the C library's:", {
  tags: ["perf"],
}, () => {
  const record = 'perf record -q -e cpu-clock:u -F 500 -o /tmp/samples "$@" && perf report -i /tmp/samples --stdio';

  it.each(toolForms)("%s", async (form) => {
    const { native, wrapped } = await bothRuns(
      programs(form),
      "work",
      (command) => ["sh", "-c", record, "sh", ...command],
      { bwrap: ["--tmpfs", "/tmp"] },
    );
    for (const ran of [native, wrapped]) {
      expect(ran.stdout).toMatch(/% +work +work +\[\.\] add_squares/);
      expect(ran.stdout).toMatch(/% +work +work +\[\.\] compare_numbers/);
      expect(ran.stdout).toMatch(/% +work +libc\.so\.6 +\[\.\] msort_with_tmp/);
    }
  });
});
