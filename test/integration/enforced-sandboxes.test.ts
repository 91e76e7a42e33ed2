// Wrapped programs where the kernel or a filter forbids what a loader may want to do. Each program starts there wrapped.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile, helloSource } from "../support/compile.ts";
import { buildProgram, start, wrap } from "../support/program.ts";
import { addFiles, hostPath, packagePath } from "../support/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** Forbids to make writable memory executable, for itself and what it starts. Source: prctl(2), PR_SET_MDWE. */
const mdwe = `
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#endif
int main(int argc, char **argv) {
	(void)argc;
	if (prctl(PR_SET_MDWE, 1, 0, 0, 0)) { perror("prctl"); return 2; }
	execv(argv[1], argv + 1);
	perror(argv[1]);
	return 3;
}`;

describe("with PR_SET_MDWE", () => {
  it("a wrapped program starts, its entry point restored through a memory file", async () => {
    const program = await buildProgram({ files: helloSource });
    const launcher = await compile(`${temporaryDirectory()}/mdwe`, {
      files: { "mdwe.c": mdwe },
      flags: ["-O2", "-static"],
    });
    const directory = addFiles(program.store, `${packagePath("mdwe")}/bin`, [launcher]);
    await wrap(program);
    const under = { ...program, path: `${directory}/mdwe` };
    expect(await start(under, [program.path])).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
    const traced = await start(under, [program.path], { environment: { WRAP_BUDDY_TRACE: "1" } });
    expect(traced.stderr).toContain("restored by a memory file");
  });
});

describe("the executable's own bytes", () => {
  it("are all there in memory when it runs", async () => {
    const program = await buildProgram({
      files: {
        "self.c": `
#include <stdio.h>
#include <sys/auxv.h>
int main(void) {
	const unsigned char *entry = (const unsigned char *)getauxval(AT_ENTRY);
	for (int i = 0; i < 200; i++) printf("%02x", entry[i]);
	return 0;
}`,
      },
    });
    const original = readFileSync(hostPath(program.store, program.path));
    const entry = Number(original.readBigUInt64LE(24));
    await wrap(program);
    const ran = await start(program);
    expect(ran.stdout).toBe(original.subarray(entry, entry + 200).toString("hex"));
  });
});
