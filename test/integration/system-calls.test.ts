// What the stub and the loader ask of the kernel, as strace sees it: from execve to the interpreter's own first call.

import { describe, expect, it } from "vitest";
import { helloSource, lld, type Source } from "../support/compiled/compile.ts";
import { buildProgram, type Program, wrap } from "../support/compiled/program.ts";
import { addLauncher, restricted } from "../support/roots/restrictions.ts";
import { runBesideStore } from "../support/roots/sandbox.ts";

/** The names of the system calls before the interpreter's own first, which is brk for glibc. */
async function callsBeforeInterpreter(program: Program, path = program.path): Promise<readonly string[]> {
  const ran = await runBesideStore(program.store, ["strace", path]);
  const calls = ran.stderr.split("\n").map((line) => line.replace(/\(.*/, ""));
  expect(calls[0]).toBe("execve");
  expect(ran.stdout).toBe("hello\n");
  return calls.slice(1, calls.indexOf("brk"));
}

const kinds: { readonly [title: string]: Source } = {
  "with its dynamic array in place": { files: helloSource },
  "with its dynamic array moved": { files: helloSource, ...lld },
};

describe("from execve to the interpreter's own first system call", () => {
  for (const [title, source] of Object.entries(kinds)) {
    it(`an executable ${title} makes at most 14 calls with an absolute path`, async () => {
      const program = await buildProgram(source);
      await wrap(program);
      const calls = await callsBeforeInterpreter(program);
      console.log(`${title}, absolute path: ${calls.length} calls: ${calls.join(" ")}`);
      expect(calls.length).toBeLessThanOrEqual(14);
    });

    it(`an executable ${title} makes at most 15 calls beside /proc/self/exe`, async () => {
      const program = await buildProgram(source);
      await wrap(program, ["--relocatable"]);
      const calls = await callsBeforeInterpreter(program);
      console.log(`${title}, beside /proc/self/exe: ${calls.length} calls: ${calls.join(" ")}`);
      expect(calls.length).toBeLessThanOrEqual(15);
    });

    it(`an executable ${title} makes one more to find a dynamic linker that is moved with it`, async () => {
      const program = await buildProgram(source);
      await wrap(program, ["--relocatable"]);
      const before = await callsBeforeInterpreter(program);
      await wrap(program, ["--relocatable=store"]);
      const calls = await callsBeforeInterpreter(program);
      expect(calls.filter((call) => call.startsWith("readlink"))).toHaveLength(2);
      expect(calls).toHaveLength(before.length + 1);
    });
  }
});

describe("a wrapped program", () => {
  it("is left no open descriptor", async () => {
    const program = await buildProgram({
      files: {
        "descriptors.c": `
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
int main(void) {
	DIR *directory = opendir("/proc/self/fd");
	int own = dirfd(directory);
	for (struct dirent *entry; (entry = readdir(directory));)
		if (atoi(entry->d_name) > 2 && atoi(entry->d_name) != own) printf("%s\\n", entry->d_name);
	puts("done");
	return 0;
}`,
      },
    });
    // What this test itself hands down is there without the wrapping too.
    const before = await runBesideStore(program.store, [program.path]);
    expect(before.stdout).toContain("done\n");
    await wrap(program, ["--relocatable"]);
    expect(await runBesideStore(program.store, [program.path])).toEqual(before);
  });
});

describe("no page is made writable and executable at once", () => {
  const ways = Object.entries(kinds).flatMap(([title, source]) =>
    [[], ["--relocatable"], ["--run-path-mode", "rpath"]].flatMap((args) =>
      [[], ["mdwe"]].map((words) => ({ title, source, args, words })),
    ),
  );

  it.each(ways)("$title, $args, $words", async ({ source, args, words }) => {
    const program = await buildProgram(source);
    const launcher = await addLauncher(program.store);
    await wrap(program, args);
    const trace = "trace=execve,mmap,mprotect,pkey_mprotect,mremap,shmat";
    const command = restricted({ words }, launcher, [program.path]);
    const ran = await runBesideStore(program.store, ["strace", "-e", trace, ...command]);
    expect(ran.stdout).toBe("hello\n");
    // From the program's own execve on.
    const calls = ran.stderr.slice(ran.stderr.lastIndexOf("execve(")).split("\n");
    expect(calls.filter((call) => /^mprotect.*PROT_READ\|PROT_EXEC/.test(call))).toHaveLength(1);
    expect(calls.filter((call) => /^mmap.*PROT_READ\|PROT_EXEC.*MAP_FIXED/.test(call)).length).toBeGreaterThan(0);
    expect(calls.filter((call) => /PROT_WRITE\|PROT_EXEC|^mremap|^shmat/.test(call))).toEqual([]);
  });
});
