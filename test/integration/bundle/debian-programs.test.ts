// Debian's programs, foreign to every other system, do their work in a root with another C library: read-only, for a user
// without rights. What is set in the environment is what a path written into a program makes necessary.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compile } from "../../support/compiled/compile.ts";
import { failsToStart } from "../../support/compiled/program.ts";
import {
  bundledScript,
  bundleWords,
  fewBundleWorks,
  installedScript,
  nodeWork,
} from "../../support/foreign/bundle-works.ts";
import { makeBundle, runBesideStore, runBundled } from "../../support/roots/bundled-root.ts";
import { createStore } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const machineRoot = "/";
const works = [...fewBundleWorks(machineRoot), nodeWork(process.execPath)];

/** A shell for the lines that are run. */
const shell = [["/bin/busybox", "/bin/sh"]] as const;

it.each(works)(
  "$name does beside another C library, bundled, what it does here, and does not start there as it is",
  async (work) => {
    const { program } = work;
    const here = ["--tmpfs", "/tmp", "--chdir", "/tmp"];
    const words = ["/bin/sh", "-ec", installedScript(work)] as const;
    const installed = await runBesideStore(createStore(), words, {
      bwrap: here,
      environment: { LC_ALL: "C" },
      seconds: 60,
    });
    expect(installed).toMatchObject({ stdout: expect.stringMatching(/./), stderr: "", exitCode: 0 });
    const bundle = await makeBundle(bundleWords(work));
    const options = { isMusl: true, binds: shell, environment: { LC_ALL: "C" } };
    const alone = [program, "/alone"] as const;
    expect(failsToStart(await runBundled(bundle, ["/alone"], { ...options, binds: [alone] }))).toBe(true);
    expect(await runBundled(bundle, ["/bin/sh", "-ec", bundledScript(work)], options)).toEqual(installed);
  },
);

it("a program asks for a character set, and finds its module in the bundle", async () => {
  const text = join(temporaryDirectory(), "text");
  writeFileSync(text, Buffer.from("caf\xe9\n", "latin1"));
  const bundle = await makeBundle(["/usr/bin/iconv"]);
  const binds = [[text, "/text"]] as const;
  const words = ["-f", "latin1", "-t", "utf-8", "/text"] as const;
  const without = await runBundled(bundle, ["/bundle/root/usr/bin/iconv", ...words], { binds });
  expect(without).toMatchObject({ exitCode: 1, stdout: "" });
  expect(await runBundled(bundle, ["iconv", ...words], { binds })).toMatchObject({ stdout: "café\n", exitCode: 0 });
});

it("locales are found in the bundle where their directory is given", async () => {
  const charmap = async (bundle: string) => {
    const options = { isMusl: true, environment: { LC_ALL: "C.UTF-8" } };
    return (await runBundled(bundle, ["locale", "charmap"], options)).stdout.trimEnd();
  };
  expect(await charmap(await makeBundle(["/usr/bin/locale"]))).toBe("ANSI_X3.4-1968");
  expect(await charmap(await makeBundle(["/usr/bin/locale", "/usr/lib/locale/C.utf8"]))).toBe("UTF-8");
});

it("a program of musl and its library work beside glibc and without it, as a glibc program of the same bundle does", async () => {
  const build = temporaryDirectory();
  const library = await compile(join(build, "libsaid.so"), {
    files: { "said.c": 'const char *said(void) { return "musl"; }\n' },
    compiler: "musl-gcc",
    flags: ["-O2", "-shared", "-fPIC", "-Wl,-soname,libsaid.so"],
  });
  await compile(join(build, "tool"), {
    files: { "tool.c": "#include <stdio.h>\nconst char *said(void);\nint main(void) { puts(said()); return 0; }\n" },
    compiler: "musl-gcc",
    libraries: [library],
    key: "bundle",
  });
  const bundle = await makeBundle([join(build, "tool"), "/usr/bin/jq", "--libs", build]);
  for (const isMusl of [false, true]) {
    expect(await runBundled(bundle, ["tool"], { isMusl })).toEqual({ stdout: "musl\n", stderr: "", exitCode: 0 });
    expect(await runBundled(bundle, ["jq", "-n", "1+1"], { isMusl })).toMatchObject({ stdout: "2\n", exitCode: 0 });
  }
});

it("a static program is copied", async () => {
  const bundle = await makeBundle(["/bin/busybox"]);
  expect(readFileSync(join(bundle, "bin/busybox")).equals(readFileSync("/bin/busybox"))).toBe(true);
  expect(await runBundled(bundle, ["busybox", "echo", "x"])).toMatchObject({ stdout: "x\n", exitCode: 0 });
});
