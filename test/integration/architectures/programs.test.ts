// One program on every architecture, under qemu-user, in a root that holds only the store.

import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { readOriginal } from "../../../src/patch/original.ts";
import type { Source } from "../../support/compiled/compile.ts";
import {
  buildGreeting,
  type Greeting,
  greetingArguments,
  greetingEnvironment,
  greetings,
} from "../../support/compiled/greeting.ts";
import {
  type EmulatorOptions,
  forMachine,
  forMachineWithLld,
  type Machine,
  machines,
  runOn,
} from "../../support/compiled/machines.ts";
import { type Ran, wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath, packagePath } from "../../support/roots/store.ts";

const blobs = fileURLToPath(new URL("../../../dist/blobs/", import.meta.url));

async function wrap({ store, glibc, library, path }: Greeting, args: readonly string[] = []): Promise<string> {
  const ran = await wrapBuddy(store, [path, "--interpreter", glibc.interpreter, "--libs", library, "-v", ...args]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  return ran.stdout;
}

function start({ machine, store, path }: Greeting, options: EmulatorOptions = {}) {
  const environment = { ...greetingEnvironment, ...options.environment };
  return runOn(machine, store, [path, ...greetingArguments], { ...options, environment });
}

/** As for a packager: its interpreter is not there. */
function failsToStart(ran: Ran): boolean {
  return ran.exitCode !== 0 && ran.stdout === "" && /Could not open .*: No such file/.test(ran.stderr);
}

/** Each way to build it. */
const builds: { readonly [title: string]: (machine: Machine, source: Source) => Source } = {
  "a position-independent executable": forMachine,
  "one without position independence": (machine, source) =>
    forMachine(machine, { ...source, flags: ["-O2", "-no-pie"] }),
  "one linked by lld": forMachineWithLld,
  "one linked by lld without position independence": (machine, source) =>
    forMachineWithLld(machine, { ...source, flags: ["-O2", "-no-pie"] }),
};

describe.each(machines)("on $name", (machine) => {
  for (const [title, build] of Object.entries(builds)) {
    it(`${title} starts when it is wrapped`, async () => {
      const greeting = await buildGreeting(machine, (source) => build(machine, source));
      expect(failsToStart(await start(greeting))).toBe(true);
      await wrap(greeting);
      expect(await start(greeting)).toEqual(greetings);
    });
  }

  it("the sidecar is found beside the executable", async () => {
    const greeting = await buildGreeting(machine);
    expect(failsToStart(await start(greeting))).toBe(true);
    await wrap(greeting, ["--relocatable"]);
    expect(await start(greeting)).toEqual(greetings);
  });

  it.each([[], ["--relocatable"]])("a shared loader finds the sidecar %s", async (...args) => {
    const greeting = await buildGreeting(machine);
    const directory = packagePath("loader");
    mkdirSync(hostPath(greeting.store, directory));
    const loader = `loader-${machine.name}.bin`;
    copyFileSync(`${blobs}${machine.name}/loader.bin`, `${hostPath(greeting.store, directory)}/${loader}`);
    await wrap(greeting, ["--loader-dir-path", directory, ...args.filter((arg) => arg !== undefined)]);
    expect(await start(greeting)).toEqual(greetings);
  });

  it("the stub jumps back from an entry point at the segment's end", async () => {
    const last = `
      .section last, "ax", ${machine.name === "arm" ? "%" : "@"}progbits
      .balign 4096
      .space 4032
      .globl last_entry
      .type last_entry, ${machine.name === "arm" ? "%" : "@"}function
      last_entry: ${machine.jumpToStart}
      .balign 4096
      .text`;
    const greeting = await buildGreeting(
      machine,
      (source) => forMachine(machine, { ...source, flags: ["-O2", "-Wl,-e,last_entry"] }),
      last,
    );
    expect(failsToStart(await start(greeting))).toBe(true);
    await wrap(greeting);
    expect(await start(greeting)).toEqual(greetings);
  });

  it("the trace says where the dynamic array was moved to", async () => {
    const greeting = await buildGreeting(machine, (source) => forMachineWithLld(machine, source));
    await wrap(greeting);
    const ran = await start(greeting, { environment: { WRAP_BUDDY_TRACE: "1" } });
    expect(ran).toMatchObject({ stdout: greetings.stdout, exitCode: 3 });
    expect(ran.stderr.replace(/0x[0-9a-f]+/g, "0x…")).toBe(
      [
        "wrap-buddy: load bias 0x…",
        "wrap-buddy: entry point restored at 0x…",
        "wrap-buddy: interpreter mapped at 0x…",
        "wrap-buddy: dynamic array copied to 0x…",
        "wrap-buddy: jump to interpreter at 0x…",
        "",
      ].join("\n"),
    );
  });

  it("a dynamic linker starts it", async () => {
    const greeting = await buildGreeting(machine);
    await wrap(greeting);
    const { glibc, library, path } = greeting;
    const linker = [glibc.interpreter, "--library-path", `${glibc.directory}:${library}`] as const;
    const command = [...linker, path, ...greetingArguments] as const;
    const ran = await runOn(machine, greeting.store, command, { environment: greetingEnvironment });
    expect(ran).toEqual(greetings);
  });

  it("a second run knows it again, and finds the original's bytes", async () => {
    const greeting = await buildGreeting(machine);
    const file = hostPath(greeting.store, greeting.path);
    const original = readFileSync(file);
    await wrap(greeting);
    const wrapped = readFileSync(file);
    expect(await wrap(greeting)).toContain("1 already wrapped");
    expect(readFileSync(file)).toEqual(wrapped);
    await wrap(greeting, ["--relocatable"]);
    expect(await start(greeting)).toEqual(greetings);
    const before = readOriginal(parseElf(bufferSource(readFileSync(file))), file);
    if (before.kind !== "wrapped") throw new Error(before.kind);
    expect(Buffer.from(before.elf.source.read(0, original.length))).toEqual(original);
  });

  it("the stub says which file it could not open", async () => {
    const greeting = await buildGreeting(machine);
    for (const args of [[], ["--relocatable"]]) {
      await wrap(greeting, args);
      const sidecar = greeting.path.replace(/greeting$/, ".greeting.wrapbuddy");
      const file = hostPath(greeting.store, sidecar);
      renameSync(file, `${file}.kept`);
      const failed = await start(greeting);
      expect(failed).toMatchObject({ stdout: "", exitCode: 127 });
      expect(failed.stderr).toMatch(/^(wrap-buddy: )?cannot load /);
      expect(failed.stderr.endsWith(`cannot load ${sidecar}\n`)).toBe(true);
      renameSync(`${file}.kept`, file);
    }
  });

  it("the loader says which file it could not open, and the error number", async () => {
    const greeting = await buildGreeting(machine);
    await wrap(greeting);
    rmSync(hostPath(greeting.store, greeting.glibc.interpreter));
    expect(await start(greeting)).toEqual({
      stdout: "",
      stderr: `wrap-buddy: error: ${greeting.glibc.interpreter}: cannot open (error 2)\n`,
      exitCode: 127,
    });
  });

  for (const pageSize of machine.pageSizes) {
    it(`it starts where a page has ${pageSize} bytes`, async () => {
      for (const build of [forMachine, forMachineWithLld]) {
        const greeting = await buildGreeting(machine, (source) => build(machine, source));
        await wrap(greeting);
        expect(await start(greeting, { pageSize })).toEqual(greetings);
        const shown = await start(greeting, { pageSize, environment: { LD_SHOW_AUXV: "1" } });
        expect(shown.stdout).toMatch(new RegExp(`AT_PAGESZ: *${pageSize}\n`));
      }
    });
  }
});
