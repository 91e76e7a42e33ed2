// The bytes that the stub covered, as the running program finds them: copied back, or where that is forbidden mapped.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { PT_INTERP, PT_LOAD } from "../../../src/elf/constants.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { buildProgram, start, wrap } from "../../support/compiled/program.ts";
import { addLauncher, restricted } from "../../support/roots/restrictions.ts";
import { runInStore } from "../../support/roots/sandbox.ts";
import { hostPath } from "../../support/roots/store.ts";

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

it("a segment that is writable and executable in the file stays it, and nothing else becomes it", async () => {
  const facts = readFileSync(new URL("../../fixtures/starting/facts.c", import.meta.url), "utf8");
  const program = await buildProgram({ files: { "facts.c": facts } });
  const file = hostPath(program.store, program.path);
  const bytes = readFileSync(file);
  const code = parseElf(bufferSource(bytes)).programHeaders.find(({ type, flags }) => type === PT_LOAD && flags === 5);
  // p_flags. Source: System V gABI ch. 5, "Program Header".
  bytes.writeUInt32LE(7, (code?.headerOffset ?? 0) + 4);
  writeFileSync(file, bytes);
  const libraries = dirname(program.glibc.interpreter);
  const linker = ["--symlink", libraries, "/lib64", "--symlink", libraries, "/lib/x86_64-linux-gnu"];
  const unwrapped = await start(program, [], { bwrap: linker });
  expect(unwrapped.stdout).toContain("mappings writable and executable 1\n");
  expect(await wrap(program)).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await start(program)).toEqual(unwrapped);
});

it.each([
  ["by an absolute path", []],
  ["beside /proc/self/exe", ["--relocatable"]],
])("a sidecar %s that does not fit the program headers is named, although the stub is gone", async (_, args) => {
  const program = await buildProgram(source, "self");
  const file = hostPath(program.store, program.path);
  const { programHeaders } = parseElf(bufferSource(readFileSync(file)));
  const interpreter = programHeaders.find(({ type }) => type === PT_INTERP);
  await wrap(program, args);
  const bytes = readFileSync(file);
  // p_filesz. Source: System V gABI ch. 5, "Program Header".
  bytes.writeBigUInt64LE(1n, (interpreter?.headerOffset ?? 0) + 32);
  writeFileSync(file, bytes);
  expect(await start(program)).toEqual({
    stdout: "",
    stderr: `wrap-buddy: error: ${dirname(program.path)}/.self.wrapbuddy: sidecar of another executable\n`,
    exitCode: 127,
  });
});
