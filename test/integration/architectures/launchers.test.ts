// The launcher of every architecture, under qemu-user, in a root that holds only the store. What it starts is a static
// program of this machine: qemu hands that to the kernel.

import { symlinkSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { here, launcherFor } from "../../../src/commands/bundle/make/launcher.ts";
import { compile } from "../../support/compiled/compile.ts";
import { machines, runOn } from "../../support/compiled/machines.ts";
import { runInStore } from "../../support/roots/sandbox.ts";
import { addFiles, addGlibc, createStore, hostPath, packagePath } from "../../support/roots/store.ts";
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
      called: { kind: "given", text: "/bin/show" },
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
    const plain = { before: [], after: [], variables: [], called: { kind: "own" } } as const;
    const program = write("program", { ...plain, program: `${here}show` });
    expect(await runOn(machine, store, [program, "a"])).toMatchObject({
      stdout: `${program}|a|-|-|-|-\n`,
      exitCode: 2,
    });
    const placed = write("placed", {
      ...plain,
      called: { kind: "placed", path: `${here}x/placed` },
      program: `${here}show`,
    });
    const link = `${bin}/link`;
    symlinkSync("placed", hostPath(store, link));
    expect((await runOn(machine, store, [placed, "a"])).stdout).toBe(`${bin}/x/placed|a|-|-|-|-\n`);
    expect((await runOn(machine, store, [link, "a"])).stdout).toBe(`${link}|a|-|-|-|-\n`);
    const gone = write("gone", { ...plain, program: `${here}gone-away` });
    expect(await runOn(machine, store, [gone])).toEqual({
      stdout: "",
      stderr: `wrap-buddy: error: ${bin}/gone-away: cannot start\n`,
      exitCode: 127,
    });
  },
);

const starts = `
#include <unistd.h>
int main(int argc, char **argv) {
  static char *const variables[] = {"GONE=1", "KEPT=first", "SET=1", "GONE=2", "BEFORE=first", "DEFAULT=first", "GONES=x",
    "SET=2", "BEFORE=second", "DEFAULT=second", "KEPT=second", "GONE=3", 0};
  execve(argv[1], argv + 1, variables);
  return 1;
}
`;

const showAll = `
#include <stdio.h>
extern char **environ;
int main() {
  for (char **one = environ; *one; one++) puts(*one);
  return 0;
}
`;

it("a variable that stands twice is removed, set or added to as one; the others stay, in their order", async () => {
  const store = createStore();
  const { interpreter } = addGlibc(store);
  const programs = await Promise.all(
    Object.entries({ starts, showAll }).map(([name, text]) =>
      compile(`${temporaryDirectory()}/${name}`, {
        files: { [`${name}.c`]: text },
        compiler: "musl-gcc",
        flags: ["-O2", "-static"],
      }),
    ),
  );
  const bin = addFiles(store, `${packagePath("tool")}/bin`, programs);
  const bytes = launcherFor(hostPath(store, interpreter), {
    program: `${here}showAll`,
    called: { kind: "own" },
    before: [],
    after: [],
    variables: [
      { does: "unset", name: "GONE" },
      { does: "set", name: "SET", value: "new" },
      { does: "prefix", name: "BEFORE", value: "x", separator: ":" },
      { does: "set-default", name: "DEFAULT", value: "never" },
    ],
  });
  if (bytes === undefined) throw new Error("no launcher for this machine");
  writeFileSync(hostPath(store, `${bin}/launcher`), bytes, { mode: 0o755 });
  const direct = await runInStore(store, [`${bin}/starts`, `${bin}/showAll`]);
  expect(direct.stdout.match(/^GONE=.*$/gm)).toEqual(["GONE=1", "GONE=2", "GONE=3"]);
  const { stdout } = await runInStore(store, [`${bin}/starts`, `${bin}/launcher`]);
  expect(stdout.trimEnd().split("\n")).toEqual([
    ...["KEPT=first", "GONES=x", "KEPT=second", "SET=new", "BEFORE=x:first", "DEFAULT=first"],
  ]);
});
