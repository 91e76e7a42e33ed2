// The patcher runs anywhere and wraps any of them: one run over a tree with executables of every architecture, 32-bit
// and 64-bit, both byte orders, and an interpreter for each.

import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { decodeSidecar } from "../../../src/patch/sidecar/sidecar-codec.ts";
import {
  buildGreeting,
  type Greeting,
  greetingArguments,
  greetingEnvironment,
  greetings,
} from "../../support/compiled/greeting.ts";
import { machines, runOn } from "../../support/compiled/machines.ts";
import { type Ran, wrapBuddy } from "../../support/roots/sandbox.ts";
import { addGlibc, createStore, hostPath, packagePath, type Store } from "../../support/roots/store.ts";

const tree = packagePath("all");

describe("one run over a tree of all architectures", () => {
  let store: Store;
  let built: readonly Greeting[];
  let ran: Ran;

  beforeAll(async () => {
    store = createStore();
    mkdirSync(hostPath(store, `${tree}/bin`), { recursive: true });
    const greetings: Greeting[] = [];
    for (const machine of machines) {
      const greeting = await buildGreeting(machine);
      const path = `${tree}/bin/${machine.name}`;
      copyFileSync(hostPath(greeting.store, greeting.path), hostPath(store, path));
      const library = `${packagePath(machine.name)}/lib`;
      mkdirSync(hostPath(store, library), { recursive: true });
      copyFileSync(
        hostPath(greeting.store, `${greeting.library}/libgreet.so`),
        `${hostPath(store, library)}/libgreet.so`,
      );
      greetings.push({ ...greeting, store, path, library, glibc: addGlibc(store, machine.name) });
    }
    built = greetings;
    ran = await wrapBuddy(store, [
      tree,
      "-v",
      ...built.flatMap(({ glibc }) => ["--interpreter", glibc.interpreter]),
      ...["--libs", ...built.map(({ library }) => library)],
    ]);
  });

  it("wraps all of them", () => {
    expect(ran.stderr).toBe("");
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toContain(`${machines.length} wrapped`);
  });

  it.each(machines)(
    "gives the one of $name its own interpreter and its own library, and it starts",
    async (machine) => {
      const greeting = built.find((it) => it.machine === machine) as Greeting;
      const { glibc, library, path } = greeting;
      const { header } = parseElf(bufferSource(readFileSync(hostPath(store, path))));
      const sidecar = decodeSidecar(header, readFileSync(hostPath(store, `${tree}/bin/.${machine.name}.wrapbuddy`)));
      if ("kind" in sidecar) throw new Error(sidecar.kind);
      expect(Buffer.from(sidecar.interpreter).toString()).toBe(glibc.interpreter);
      expect(Buffer.from(sidecar.runPath).toString().split(":")[0]).toBe(library);
      const command = [path, ...greetingArguments] as const;
      expect(await runOn(machine, store, command, { environment: greetingEnvironment })).toEqual(greetings);
    },
  );
});
