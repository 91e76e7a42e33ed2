// Wrapping twice, not at all, and files that may not be written.

import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { helloSource } from "../../support/compiled/compile.ts";
import { buildProgram, failsToStart, type Program, start, wrap } from "../../support/compiled/program.ts";
import { hostPath } from "../../support/roots/store.ts";

/** Names, bytes, modes and times of all that lies beside the program. */
function snapshot(program: Program): readonly unknown[] {
  const directory = dirname(hostPath(program.store, program.path));
  return readdirSync(directory).map((name) => {
    const { mode, ino, mtimeMs } = statSync(`${directory}/${name}`);
    return [name, mode, ino, mtimeMs, readFileSync(`${directory}/${name}`).toString("base64")];
  });
}

describe("a second run", () => {
  it("with the same options changes nothing and says so", async () => {
    const program = await buildProgram({ files: helloSource });
    await wrap(program);
    const first = snapshot(program);
    const again = await wrap(program);
    expect(again).toMatchObject({ exitCode: 0, stderr: "" });
    expect(again.stdout).toContain("1 already wrapped");
    expect(snapshot(program)).toEqual(first);
  });

  it("with other options plans from the original bytes", async () => {
    const program = await buildProgram({ files: helloSource });
    await wrap(program, ["--relocatable"]);
    const ran = await wrap(program, ["--runtime-dependencies", "/nix/store"]);
    expect(ran.exitCode).toBe(0);
    const once = await buildProgram({ files: helloSource });
    await wrap(once, ["--runtime-dependencies", "/nix/store"]);
    const bytes = (one: Program) => readFileSync(hostPath(one.store, one.path));
    expect(bytes(program).equals(bytes(once))).toBe(true);
    expect(await start(program)).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
  });
});

describe("--dry-run", () => {
  it("needs no write access, prints the plan and changes nothing", async () => {
    const program = await buildProgram({ files: helloSource });
    chmodSync(hostPath(program.store, program.path), 0o555);
    const before = snapshot(program);
    const ran = await wrap(program, ["--dry-run"], { readOnlyStore: true });
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ran.stdout).toContain("Original entry: 0x");
    expect(snapshot(program)).toEqual(before);
    expect(failsToStart(await start(program))).toBe(true);
  });

  it("says what the run then does, in text and as data, and that nothing was written", async () => {
    const program = await buildProgram({ files: helloSource });
    const [said, data] = [await wrap(program, ["--dry-run"]), await wrap(program, ["--dry-run", "--json"])];
    const plan: unknown = JSON.parse(data.stdout);
    expect(plan).toMatchObject({ dryRun: true, files: [{ kind: "wrapped" }] });
    const other = await buildProgram({ files: helloSource });
    const done = (await wrap(other)).stdout;
    expect(said.stdout).toMatch(/\nto do it: wrap-buddy .*program.* --interpreter .*\n$/);
    const asIfDone = said.stdout
      .replaceAll(/Would (write|overwrite|convert|patch)/g, (_text, verb: string) => pastOf[verb] ?? verb)
      .replace(/1 to wrap; dry run: nothing was written\nto do it: .*/, "1 wrapped");
    expect(asIfDone).toBe(done);
    const report: unknown = JSON.parse((await wrap(program, ["--json"])).stdout);
    expect(plan).toEqual({ ...(report as object), dryRun: true });
  });
});

const pastOf: { readonly [verb: string]: string } = {
  write: "Wrote",
  overwrite: "Overwrote",
  convert: "Converted",
  patch: "Patched",
};

describe("an executable of mode 0555", () => {
  it("is wrapped and keeps its mode", async () => {
    const program = await buildProgram({ files: helloSource });
    const file = hostPath(program.store, program.path);
    chmodSync(file, 0o555);
    // Not root: root may write what nobody may.
    expect(await wrap(program, [], { bwrap: ["--cap-drop", "CAP_DAC_OVERRIDE"] })).toMatchObject({
      exitCode: 0,
      stderr: "",
    });
    expect(statSync(file).mode & 0o7777).toBe(0o555);
    expect(await start(program)).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0 });
  });
});

describe("the sidecar", () => {
  it("may be read by whoever may execute the program, whatever the umask", async () => {
    const program = await buildProgram({ files: helloSource });
    chmodSync(hostPath(program.store, program.path), 0o755);
    const umask = process.umask(0o077);
    await wrap(program);
    process.umask(umask);
    const sidecar = hostPath(program.store, program.path.replace(/program$/, ".program.wrapbuddy"));
    expect(statSync(sidecar).mode & 0o777).toBe(0o444);
  });
});
