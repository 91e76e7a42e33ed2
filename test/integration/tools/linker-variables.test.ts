// The dynamic linker's own variables: a wrapped program's linker does what they say, as the original's does.

import { describe, expect, it } from "vitest";
import type { Ran } from "../../support/roots/sandbox.ts";
import { allForms, type FormName } from "../behaviour/forms.ts";
import { installedBefore } from "./on-this-machine.ts";

const programs = installedBefore({
  // Needs two libraries of its own; the last is for LD_PRELOAD.
  order: {
    program: "libraries/order.c",
    libraries: [
      { name: "inner", source: "libraries/order-inner.c" },
      { name: "outer", source: "libraries/order-outer.c" },
      { name: "preloaded", source: "libraries/order-preloaded.c", isOpenedLater: true },
    ],
    arguments: ["main"],
    forms: allForms,
  },
});

/** What a program does with further variables, natively and wrapped. */
async function withVariables(
  form: FormName,
  variables: (root: string) => { readonly [name: string]: string },
): Promise<{ readonly native: Ran; readonly wrapped: Ran }> {
  const { root, run, runNatively } = programs(form);
  const environment = variables(root);
  return { native: await runNatively("order", { environment }), wrapped: await run("order", { environment }) };
}

/** The last part of each path; addresses and process numbers left out. */
const names = (text: string): string =>
  text
    .replaceAll(/(?:\/[\w.+-]+)*\/([\w.+-]+)/g, "$1")
    .replaceAll(/ ?\(?0x[0-9a-f]+\)?/g, "")
    .replaceAll(/^ +\d+:/gm, "");

const linesWith = (text: string, pattern: RegExp): readonly string[] =>
  names(text)
    .split("\n")
    .filter((line) => pattern.test(line));

describe.each(allForms)("%s", (form) => {
  it("LD_TRACE_LOADED_OBJECTS lists the same libraries in the same order", async () => {
    const { native, wrapped } = await withVariables(form, () => ({ LD_TRACE_LOADED_OBJECTS: "1" }));
    // A pinned library is listed by its path alone, one that was searched for by both.
    const listed = ({ stdout }: Ran) => names(stdout).replaceAll(/\S+ => /g, "");
    expect(listed(native)).toContain("libouter.so");
    expect(listed(wrapped)).toBe(listed(native));
    expect(wrapped.exitCode).toBe(0);
  });

  it("LD_DEBUG=bindings binds each symbol of the program to the same library", async () => {
    const { native, wrapped } = await withVariables(form, () => ({ LD_DEBUG: "bindings" }));
    const bound = ({ stderr }: Ran) => linesWith(stderr, /binding file (order|lib\w+er\.so) /);
    expect(bound(native).length).toBeGreaterThan(5);
    expect(bound(wrapped)).toEqual(bound(native));
    expect(wrapped.stdout).toBe(native.stdout);
  });

  it("LD_DEBUG=libs names the same libraries in the order in which they are initialised", async () => {
    const { native, wrapped } = await withVariables(form, () => ({ LD_DEBUG: "libs" }));
    const called = ({ stderr }: Ran) => linesWith(stderr, /calling|control/);
    expect(called(native).length).toBeGreaterThan(5);
    expect(called(wrapped)).toEqual(called(native));
  });

  it("LD_DEBUG=statistics counts the same relocations", async () => {
    const { native, wrapped } = await withVariables(form, () => ({ LD_DEBUG: "statistics" }));
    const counted = ({ stderr }: Ran) => linesWith(stderr, /number of/);
    expect(counted(native).length).toBeGreaterThan(2);
    expect(counted(wrapped)).toEqual(counted(native));
  });

  it("LD_SHOW_AUXV shows the same entries", async () => {
    const { native, wrapped } = await withVariables(form, () => ({ LD_SHOW_AUXV: "1" }));
    const entries = ({ stdout }: Ran) => stdout.split("\n").filter((line) => line.startsWith("AT_"));
    const shown = (ran: Ran) => entries(ran).map((line) => line.replace(/0x[0-9a-f]{6,}/, "an address"));
    expect(entries(native).length).toBeGreaterThan(10);
    expect(shown(wrapped)).toEqual(shown(native));
  });

  it("LD_BIND_NOW changes nothing but when symbols are bound", async () => {
    const { native, wrapped } = await withVariables(form, () => ({ LD_BIND_NOW: "1" }));
    expect(native).toMatchObject({ exitCode: 5, stdout: expect.stringContaining("atexit") });
    expect(wrapped).toEqual(native);
  });

  it("LD_PRELOAD puts a library before the program's own", async () => {
    const { native, wrapped } = await withVariables(form, (root) => ({ LD_PRELOAD: `${root}/lib/libpreloaded.so` }));
    expect(native).toMatchObject({ exitCode: 5, stdout: expect.stringContaining("preloaded function") });
    expect(wrapped).toEqual(native);
  });
});
