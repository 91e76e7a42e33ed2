// The launcher of every architecture, under qemu-user, in a root that holds only the store. What it starts is a static
// program of this machine: qemu hands that to the kernel.

import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { here, launcherFor } from "../../../src/commands/bundle/make/launcher.ts";
import { compile } from "../../support/compile.ts";
import { machines, runOn } from "../../support/machines.ts";
import { addFiles, addGlibc, createStore, hostPath, packagePath } from "../../support/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const show = `
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("%s|", argv[i]);
  static const char *const names[] = {"HERE", "OTHER", "EMPTY", "GONE"};
  for (int i = 0; i < 4; i++) printf("%s%c", getenv(names[i]) ? getenv(names[i]) : "-", i < 3 ? '|' : '\\n');
  return argc;
}
`;

it.each(machines)(
  "on $name a launcher starts what lies beside it, with its arguments and variables",
  async (machine) => {
    const store = createStore();
    const glibc = addGlibc(store, machine.name);
    const source = { files: { "show.c": show }, compiler: "musl-gcc", flags: ["-O2", "-static"] };
    const bin = addFiles(store, `${packagePath("tool")}/bin`, [await compile(`${temporaryDirectory()}/show`, source)]);
    const write = (name: string, launch: Parameters<typeof launcherFor>[1]): string => {
      const bytes = launcherFor(hostPath(store, glibc.interpreter), launch);
      if (bytes === undefined) throw new Error(`no launcher for ${machine.name}`);
      writeFileSync(hostPath(store, `${bin}/${name}`), bytes, { mode: 0o755 });
      return `${bin}/${name}`;
    };
    const script = write("script", {
      program: `${here}../bin/show`,
      name: "/bin/show",
      before: ["-e x", `${here}../lib/it`],
      after: ["", "last"],
      variables: [
        { does: "set", name: "HERE", value: `a:${here}b:${here}` },
        { does: "set-default", name: "OTHER", value: "never" },
        { does: "prefix", name: "OTHER", value: "before", separator: ", " },
        { does: "suffix", name: "OTHER", value: "", separator: "; " },
        { does: "prefix", name: "EMPTY", value: `${here}x`, separator: ":" },
        { does: "unset", name: "GONE" },
      ],
    });
    const environment = { OTHER: "set", EMPTY: "", GONE: "x", HERETOO: "no" };
    expect(await runOn(machine, store, [script, "a", ""], { environment })).toEqual({
      stdout: `/bin/show|-e x|${bin}/../lib/it|a|||last|a:${bin}/b:${bin}/|before, set; |${bin}/x|-\n`,
      stderr: "",
      exitCode: 7,
    });
    const plain = { before: [], after: [], variables: [] };
    const program = write("program", { ...plain, program: `${here}show`, name: undefined });
    expect(await runOn(machine, store, [program, "a"])).toMatchObject({
      stdout: `${program}|a|-|-|-|-\n`,
      exitCode: 2,
    });
    const gone = write("gone", { ...plain, program: `${here}gone-away`, name: "own" });
    expect(await runOn(machine, store, [gone])).toEqual({
      stdout: "",
      stderr: `wrap-buddy: error: ${bin}/gone-away: cannot start\n`,
      exitCode: 127,
    });
  },
);
