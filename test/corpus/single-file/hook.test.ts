// Large single-file programs in packages that say `nativeBuildInputs = [ wrapBuddy ];` and nothing else, built by Nix: they
// start with the addons that they carry inside themselves.

import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { addNpmArchives } from "../../nix/archives.ts";
import { createNix } from "../../nix/nix.ts";
import { addonLoaded, startTraced } from "./traced.ts";

const nix = createNix();
const results = z.array(z.object({ outputs: z.object({ out: z.string() }) }));
const names = ["opencode", "claude"] as const;
let log = "";

beforeAll(async () => {
  const installables = names.map((name) => `${nix.consumer}#${name}`);
  await addNpmArchives(nix, installables);
  log = (await nix.run(["build", "-L", "--no-link", ...installables])).stderr;
});

async function programOf(name: (typeof names)[number]): Promise<string> {
  const { stdout } = await nix.run(["build", "--no-link", "--json", `${nix.consumer}#${name}`]);
  const [built] = results.parse(JSON.parse(stdout));
  return `${built?.outputs.out}/bin/${name}`;
}

describe("the hook and nothing else", () => {
  it("has opencode start with its addon", async () => {
    const { ran, trace } = await startTraced(nix.store, [await programOf("opencode"), "debug", "file", "list", "."]);
    expect(ran.exitCode).toBe(0);
    expect(trace).toMatch(addonLoaded);
  });

  it("has claude start, and the log's end says what one of its addons misses, and what it may open", async () => {
    const program = await programOf("claude");
    const { ran } = await startTraced(nix.store, [program, "--version"]);
    expect(ran).toMatchObject({ stdout: expect.stringContaining("Claude Code"), exitCode: 0 });
    const lines = log.split("\n").filter((line) => line.startsWith("claude> "));
    expect(lines.at(-2)).toContain("libasound.so.2");
    expect(lines.at(-1)).toContain("add libsecret and glib to runtimeDependencies");
  });
});
