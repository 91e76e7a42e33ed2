// The bytes that the stub covered, as the running program finds them: copied back, or where that is forbidden mapped.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildProgram, start, wrap } from "../../support/program.ts";
import { addLauncher, restricted } from "../../support/restrictions.ts";
import { runInStore } from "../../support/sandbox.ts";
import { hostPath } from "../../support/store.ts";

const source = {
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
};

async function buildWrapped() {
  const program = await buildProgram(source);
  const original = readFileSync(hostPath(program.store, program.path));
  const entry = Number(original.readBigUInt64LE(24));
  await wrap(program);
  return { program, bytes: original.subarray(entry, entry + 200).toString("hex") };
}

const environment = { WRAP_BUDDY_TRACE: "1" };

describe("the executable's own bytes are all there when it runs", () => {
  it("copied", async () => {
    const { program, bytes } = await buildWrapped();
    const ran = await start(program, [], { environment });
    expect(ran.stdout).toBe(bytes);
    expect(ran.stderr).toContain("entry point restored at");
  });

  it.each(["mdwe", "deny-write-execute"])("mapped from a memory file: %s", async (word) => {
    const { program, bytes } = await buildWrapped();
    const launcher = await addLauncher(program.store);
    const command = restricted({ words: [word] }, launcher, [program.path]);
    const ran = await runInStore(program.store, command, { environment });
    expect(ran.stdout).toBe(bytes);
    expect(ran.stderr).toContain("entry point restored by a memory file at");
  });
});
