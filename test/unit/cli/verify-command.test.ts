import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyReportSchema } from "../../../src/commands/verify/verify-schema.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import { runCommand } from "../../support/run-command.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

const verify = (words: readonly string[]) => runCommand("verify", words, store.root);

function wrapped(path: string): void {
  store.executable(path, { needed: ["libm.so.6", "libc.so.6"] });
  run(wrapRequestOf([store.at(path)], { interpreters: [store.at("glibc/lib/ld-linux-x86-64.so.2")] }));
}

test("what is fine is printed with paths as they were typed", async () => {
  wrapped("tool");
  expect(await verify(["tool"])).toEqual({ code: 0, stdout: "./tool: fine, 2 libraries\n1 fine\n", stderr: "" });
});

test("what is not is exit status 1", async () => {
  wrapped("tool");
  rmSync(store.at(".tool.wrapbuddy"));
  const { code, stdout, stderr } = await verify(["tool"]);
  expect([code, stdout, stderr]).toMatchInlineSnapshot(`
    [
      1,
      "none fine, 1 failed
    ",
      "wrap-buddy: error: ./tool: wrapped, but its sidecar ./.tool.wrapbuddy cannot be used: it is not there
      help: copy it there too, or restore the original executable and wrap it again
    ",
    ]
  `);
});

test("-q prints nothing where all is well", async () => {
  wrapped("tool");
  expect(await verify(["-q", "tool"])).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("--exclude and --no-recurse choose what is looked at", async () => {
  for (const path of ["out/tool", "out/other", "out/deeper/tool"]) wrapped(path);
  expect((await verify(["out"])).stdout).toContain("3 fine\n");
  expect((await verify(["out", "--no-recurse"])).stdout).toContain("2 fine\n");
  expect((await verify(["out", "--exclude", "tool"])).stdout).toContain("1 fine\n");
});

test("--ignore-missing lets a library be missing", async () => {
  wrapped("tool");
  rmSync(store.at("glibc/lib/libm.so.6"));
  expect((await verify(["tool"])).code).toBe(1);
  expect(await verify(["tool", "--ignore-missing", "libm.so.6"])).toMatchObject({ code: 0, stderr: "" });
});

test("--json prints one JSON value of the published schema on standard output", async () => {
  wrapped("tool");
  const { stdout } = await verify(["tool", "absent", "--json"]);
  expect(verifyReportSchema.parse(JSON.parse(stdout))).toMatchObject({
    ok: false,
    files: [{ kind: "fine", sidecarPath: store.at(".tool.wrapbuddy"), libraries: 2 }],
    issues: [{ kind: "no-such-path", severity: "error" }],
  });
});

test("--json-schema prints a JSON schema, and needs no path", async () => {
  const { code, stdout } = await verify(["--json-schema"]);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { type: "object" }]);
});

test("--help prints every option, and needs no path", async () => {
  const { code, stdout } = await verify(["--help"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("--ignore-missing")]);
});

test("no path at all is exit status 2", async () => {
  const { code, stderr } = await verify([]);
  expect([code, stderr]).toMatchInlineSnapshot(`
    [
      2,
      "wrap-buddy: error: no path given
      help: name the executables or directories to verify; wrap-buddy verify --help lists every option
    ",
    ]
  `);
});

test("an option of wrapping is exit status 2", async () => {
  expect(await verify(["tool", "--libs", "lib"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("it is an option of wrap, inspect and bundle; wrap-buddy verify --help lists"),
  });
  expect((await verify(["tool", "--no-pin"])).stderr).toContain("it is an option of wrap and inspect;");
  expect((await verify(["tool", "--no-json"])).stderr).toContain("help: wrap-buddy verify --help lists");
});
