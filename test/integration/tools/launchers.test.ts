// Programs that setarch and prlimit start: another layout of memory, other limits. brk grows as far as natively, and the
// program's own mappings are the same.

import { describe, expect, it } from "vitest";
import { bothRuns, installedBefore, toolForms } from "./on-this-machine.ts";

const programs = installedBefore({
  heap: { program: "memory/break.c", forms: toolForms },
  mappings: { program: "self-description/mappings.c", forms: toolForms },
});

const launchers = [
  ["setarch", "--addr-no-randomize"],
  ["setarch", "--addr-compat-layout"],
  ["setarch", "--addr-compat-layout", "--addr-no-randomize"],
  ["setarch", "--read-implies-exec"],
  ["setarch", "--mmap-page-zero"],
  ["setarch", "--32bit"],
  ["prlimit", "--stack=unlimited"],
  ["prlimit", "--stack=65536"],
  ["prlimit", "--as=300000000"],
  ["prlimit", "--data=150000000"],
] as const;

describe.each(toolForms)("%s, a program is the same natively and wrapped when it is started by", (form) => {
  it.each(launchers.map((words) => [words.join(" "), words] as const))("%s", async (_, words) => {
    for (const name of ["heap", "mappings"]) {
      const { native, wrapped } = await bothRuns(programs(form), name, (command) => [...words, ...command]);
      expect(native).toMatchObject({ exitCode: 0, stderr: "", stdout: expect.stringMatching(/./) });
      expect(wrapped).toEqual(native);
    }
  });
});
