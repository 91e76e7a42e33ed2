// What strip, objcopy, patchelf, chrpath and upx do to a wrapped executable: native/README.md's table, measured. What is
// said of it is true: a file that is called fine starts, and one that is called restored starts as before.

import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Form } from "../../../src/planning/wrap-request.ts";
import { type Bundle, createBundle } from "../../support/compiled/bundle.ts";
import { type AfterTool, farDirectory as libraries, otherTools, type Tool } from "../../support/pages/other-tools.ts";
import { type Ran, runBesideStore, wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath } from "../../support/roots/store.ts";

const answer: Ran = { stdout: "5\n", stderr: "", exitCode: 0 };
const forms = ["stub", "in-place"] as const satisfies readonly Form[];
/** Which comes first. */
const orders = ["tool-first", "wrapped-first"] as const;

interface Seen extends AfterTool {
  readonly verifySays: string;
  readonly unwrapSays: string;
}

let bundle: Bundle;
const seen = new Map<string, Seen>();
const startsAfterTool = new Map<string, Ran>();

const at = (order: (typeof orders)[number], form: Form): string => `${bundle.root}/${order}/${form}`;
const nameOf = (tool: Tool): string => `program-${otherTools.indexOf(tool)}`;

async function make(name: string, flags: readonly string[]): Promise<string> {
  const far = `${libraries}/libfar.so`;
  return bundle.executable(name, {
    code: '#include <math.h>\n#include <stdio.h>\nint far_away(void);\nvolatile double two = 2;\nint main(void) { printf("%g\\n", pow(two, two) + far_away()); return 0; }',
    needs: [far],
    flags: ["-lm", "-g", "-Wl,-rpath,/nowhere", ...flags],
  });
}

/** Runs the tool as a packager would, on one file. Of a wrapped one it may refuse to change anything. */
function apply({ command }: Tool, path: string): Promise<Ran> {
  return runBesideStore(bundle.store, [...command, path]);
}

const wrapWords = ["--libs", libraries, "--ignore-missing", "*"];

function wrapAll(form: Form, directory: string): Promise<Ran> {
  return bundle.wrap(["--libs", libraries, "--form", form], [directory]);
}

/** With the former interpreter, which this machine has, and with the library: what is said to be the original. */
function startAsOriginal(path: string): Promise<Ran> {
  return runBesideStore(bundle.store, [path], { environment: { LD_LIBRARY_PATH: libraries } });
}

async function look(path: string): Promise<Seen> {
  const started = await bundle.start(path);
  const verified = await wrapBuddy(bundle.store, ["verify", path]);
  // Each command has words for what a tool has done, and takes it for no other damage.
  const others =
    verified.stderr === ""
      ? []
      : [
          ["inspect", path],
          [...wrapWords, "--dry-run", "--paths", path],
        ];
  for (const words of others) {
    const { stderr } = await wrapBuddy(bundle.store, words);
    expect(stderr, words[0]).not.toMatch(/no NUL byte|fetch it again/);
  }
  const file = hostPath(bundle.store, path);
  const before = readFileSync(file);
  const sidecar = hostPath(bundle.store, path.replace(/[^/]*$/, ".$&.wrapbuddy"));
  const hadSidecar = existsSync(sidecar);
  const unwrapped = await wrapBuddy(bundle.store, ["unwrap", path]);
  if (unwrapped.exitCode === 0) {
    expect(await startAsOriginal(path)).toEqual(answer);
    expect(existsSync(sidecar)).toBe(false);
  } else {
    expect([readFileSync(file).equals(before), existsSync(sidecar)]).toEqual([true, hadSidecar]);
  }
  return {
    starts: started.exitCode === 0 && started.stdout === answer.stdout,
    verify: verified.exitCode !== 0 ? "error" : verified.stderr === "" ? "fine" : "warning",
    unwrap: unwrapped.exitCode !== 0 ? "refused" : unwrapped.stdout.endsWith("1 restored\n") ? "restored" : "none",
    verifySays: verified.stderr,
    unwrapSays: unwrapped.stdout + unwrapped.stderr,
  };
}

beforeAll(async () => {
  bundle = createBundle();
  await bundle.library(`${libraries}/libfar.so`, { code: "int far_away(void) { return 1; }" });
  const program = await make("program", []);
  const fixed = await make("fixed", ["-no-pie"]);
  for (const path of [program, fixed]) {
    expect((await bundle.start(path)).exitCode).not.toBe(0);
    expect(await startAsOriginal(path)).toEqual(answer);
  }
  const each = orders.flatMap((order) => forms.map((form) => [order, form] as const));
  for (const [order, form] of each) {
    const directory = at(order, form);
    mkdirSync(hostPath(bundle.store, directory), { recursive: true });
    for (const tool of otherTools) {
      const path = `${directory}/${nameOf(tool)}`;
      copyFileSync(hostPath(bundle.store, tool.isFixed ? fixed : program), hostPath(bundle.store, path));
      if (order === "tool-first") expect(await apply(tool, path)).toMatchObject({ exitCode: 0 });
    }
    expect(await wrapAll(form, directory)).toMatchObject({ exitCode: 0, stderr: "" });
    for (const tool of otherTools) {
      const path = `${directory}/${nameOf(tool)}`;
      if (order === "tool-first") startsAfterTool.set(path, await bundle.start(path));
      else {
        expect(await bundle.start(path)).toEqual(answer);
        await apply(tool, path);
        seen.set(path, await look(path));
      }
    }
  }
}, 300_000);

describe.each(otherTools.map((tool) => [tool.title, tool] as const))("%s", (_title, tool) => {
  it(`before wrapping: ${tool.beforeWrapping}`, () => {
    for (const form of forms) {
      const started = startsAfterTool.get(`${at("tool-first", form)}/${nameOf(tool)}`);
      if (tool.beforeWrapping === "starts") expect([form, started]).toEqual([form, answer]);
      else expect(started?.exitCode).not.toBe(0);
    }
  });

  it.each([
    ["stub", tool.stub],
    ["in-place", tool.inPlace],
  ] as const)("on a wrapped executable, form %s: what happens is what the table says", (form, expected) => {
    const found = seen.get(`${at("wrapped-first", form)}/${nameOf(tool)}`);
    expect(found).toMatchObject(expected);
    // Nothing is called fine or restored that does not start.
    if (found?.verify === "fine") expect(found.starts).toBe(true);
    expect(`${found?.verifySays}${found?.unwrapSays}`).not.toMatch(/no NUL byte|fetch it again/);
    if (found?.unwrap === "refused") expect(found.unwrapSays).toMatch(/error: .*\n {2}help: /);
  });
});
