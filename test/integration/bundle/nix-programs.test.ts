// Bundles of programs as Nix builds them: every path in them is one of the store.

import { chmodSync, cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../support/compiled/compile.ts";
import { makeBundle, runBundled } from "../../support/roots/bundled-root.ts";
import { bwrap, wrapBuddy } from "../../support/roots/sandbox.ts";
import { addFiles, addGlibc, createStore, hostPath, packagePath, type Store } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** Prints what a library, that library's library, a plug-in and a file of its own package say. */
const main = `
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
const char *first(void);
int main(int argc, char **argv) {
  char path[4096] = {0}, line[64] = "";
  ssize_t size = readlink("/proc/self/exe", path, sizeof path - 64);
  (void)size;
  strcpy(strrchr(path, '/'), "/../lib/tool/plugin.so");
  void *plugin = dlopen(path, RTLD_NOW);
  if (!plugin) { puts(dlerror()); return 1; }
  const char *(*said)(void) = (const char *(*)(void))dlsym(plugin, "said");
  strcpy(strstr(path, "/lib/tool"), "/share/tool.txt");
  FILE *file = fopen(path, "r");
  if (!file || !fgets(line, sizeof line, file)) return 2;
  void *named = dlopen("libnamed.so", RTLD_NOW);
  printf("%s, %s, %s%s, %s\\n", first(), said(), line, named ? "" : "not ", argc > 1 ? argv[1] : getenv("SAID") ? getenv("SAID") : "-");
  return 0;
}
`;
const saying = (name: string, text: string) => ({ [`${name}.c`]: `const char *${name}(void) { return "${text}"; }\n` });

interface NixTool {
  readonly store: Store;
  readonly program: string;
  readonly glibc: string;
}

async function buildTool(): Promise<NixTool> {
  const store = createStore();
  const glibc = addGlibc(store);
  const build = temporaryDirectory();
  const shared = (soname: string, ...others: readonly string[]) => [
    "-O2",
    "-shared",
    "-fPIC",
    `-Wl,-soname,${soname}`,
    ...others,
  ];
  const lib = (name: string) => `${packagePath(name)}/lib`;
  const add = (name: string, files: readonly string[]) => addFiles(store, lib(name), files);
  const runPath = (...names: readonly string[]) => `-Wl,-rpath,${[...names.map(lib), glibc.directory].join(":")}`;
  const second = await compile(join(build, "libsecond.so"), {
    files: saying("second", "second"),
    flags: shared("libsecond.so"),
  });
  add("second", [second]);
  const firstSource = {
    "first.c": 'const char *second(void);\nconst char *first(void) { return second() ? "first and second" : ""; }\n',
  };
  const first = await compile(join(build, "libfirst.so"), {
    files: firstSource,
    flags: shared("libfirst.so", runPath("second")),
    libraries: [second],
    key: "bundle",
  });
  add("first", [first]);
  add("named", [
    await compile(join(build, "libnamed.so"), { files: saying("named", "named"), flags: shared("libnamed.so") }),
  ]);
  const pluginSource = {
    "said.c": 'const char *third(void);\nconst char *said(void) { return third() ? "plug-in" : ""; }\n',
  };
  const third = await compile(join(build, "libthird.so"), {
    files: saying("third", "third"),
    flags: shared("libthird.so"),
  });
  add("third", [third]);
  const plugin = await compile(join(build, "plugin.so"), {
    files: pluginSource,
    flags: shared("plugin.so", runPath("third")),
    libraries: [third],
    key: "bundle",
  });
  const tool = await compile(join(build, "tool"), {
    files: { "tool.c": main },
    flags: ["-O2", `-Wl,--dynamic-linker=${glibc.interpreter}`, runPath("first", "named"), "-Wl,--enable-new-dtags"],
    libraries: [first, `-Wl,-rpath-link,${build}`],
    key: "bundle",
  });
  addFiles(store, `${packagePath("tool")}/lib/tool`, [plugin]);
  const bin = addFiles(store, `${packagePath("tool")}/bin`, [tool]);
  const share = hostPath(store, `${packagePath("tool")}/share`);
  mkdirSync(share);
  writeFileSync(join(share, "tool.txt"), "data, ");
  return { store, program: `${bin}/tool`, glibc: glibc.interpreter };
}

const said = (last: string) => ({ stdout: `first and second, plug-in, data, , ${last}\n`, stderr: "", exitCode: 0 });

describe("a program built by Nix", () => {
  let tool: NixTool;
  let bundle: string;
  beforeAll(async () => {
    tool = await buildTool();
    bundle = await makeBundle([tool.program], tool.store);
  });

  it("does not start where the store is not", async () => {
    const ran = await runBundled(dirname(dirname(hostPath(tool.store, tool.program))), ["tool"]);
    expect(ran).toMatchObject({ exitCode: 1, stdout: "" });
    expect(ran.stderr).toContain("No such file or directory");
  });

  it("starts in an empty root with its libraries, its plug-in, what it opens by name, and its data", async () => {
    expect(await runBundled(bundle, ["tool", "x"])).toEqual(said("x"));
  });

  it("starts beside another C library", async () => {
    expect(await runBundled(bundle, ["tool", "x"], { isMusl: true })).toEqual(said("x"));
  });

  it("starts after it was moved twice, from a path with spaces", async () => {
    const place = temporaryDirectory();
    cpSync(bundle, join(place, "a"), { recursive: true, verbatimSymlinks: true });
    renameSync(join(place, "a"), join(place, "b"));
    for (const at of ["/first place", "/a/second place/x"]) {
      expect(await runBundled(join(place, "b"), ["tool", "x"], { at })).toEqual(said("x"));
    }
  });

  it("starts through a link in another directory", async () => {
    const links = ["--symlink", "/bundle/bin/tool", "/usr/local/bin/tool"];
    expect(await runBundled(bundle, ["/usr/local/bin/tool", "x"], { bwrap: links })).toEqual(said("x"));
  });

  it("loads nothing of a store that is there too", async () => {
    const ran = await runBundled(bundle, ["tool", "x"], {
      binds: [[tool.store.directory, "/nix/store"]],
      environment: { LD_DEBUG: "files" },
    });
    expect(ran.stderr).toContain("/bundle/root/nix/store/");
    expect(ran.stderr.replaceAll("/bundle/root/nix/store/", "")).not.toMatch(/(?:init|fini): \/nix\/store\//);
  });

  it("is the same whenever it is made", async () => {
    const archives: Buffer[] = [];
    for (const name of ["one.tar", "other.tar"]) {
      const output = join(temporaryDirectory(), name, "x.tar");
      mkdirSync(dirname(output));
      const ran = await wrapBuddy(tool.store, ["bundle", tool.program, "--output", output, "--format", "tar"]);
      expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
      archives.push(readFileSync(output));
    }
    expect(archives[0]?.equals(archives[1] ?? Buffer.alloc(0))).toBe(true);
  });

  it("is bundled again as it was when it has been wrapped in between", async () => {
    const copy = await buildTool();
    const wrapped = packagePath("wrapped");
    cpSync(hostPath(copy.store, packagePath("tool")), hostPath(copy.store, wrapped), { recursive: true });
    const program = `${wrapped}/bin/tool`;
    const bytes = readFileSync(hostPath(copy.store, program));
    const own = Buffer.from(`${copy.glibc}\0`);
    const foreign = Buffer.alloc(own.length);
    foreign.write("/lib64/ld-linux-x86-64.so.2");
    foreign.copy(bytes, bytes.indexOf(own));
    writeFileSync(hostPath(copy.store, program), bytes);
    const ran = await wrapBuddy(copy.store, [program, "--interpreter", copy.glibc]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const sidecar = hostPath(copy.store, `${wrapped}/bin/.tool.wrapbuddy`);
    const before = readFileSync(sidecar);
    expect(await runBundled(await makeBundle([program], copy.store), ["tool", "x"])).toEqual(said("x"));
    expect(readFileSync(sidecar).equals(before)).toBe(true);
  });

  it("is in an archive that tar unpacks", async () => {
    const place = temporaryDirectory();
    const output = join(place, "tool.tar.zst");
    const ran = await wrapBuddy(tool.store, ["bundle", tool.program, "--output", output, "--format", "tar.zst"]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    await bwrap(["--dev-bind", "/", "/"], ["tar", "-C", place, "--zstd", "-xf", output]);
    expect(await runBundled(join(place, "tool"), ["tool", "x"])).toEqual(said("x"));
  });
});

/** As makeBinaryWrapper makes them: compiled, with the command line that it was made by in it. */
async function addWrapper(store: Store, path: string, target: string, glibc: string, last = ""): Promise<void> {
  const said = `${packagePath("words")}/share`;
  mkdirSync(hostPath(store, said), { recursive: true });
  writeFileSync(hostPath(store, `${said}/words`), "");
  const options = `--inherit-argv0 \\\\\\n    --set 'SAID' 'it'\\\\''s ${said}/words' \\\\\\n    --prefix 'PATH' ':' '${dirname(target)}'${last}`;
  const source = `
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv) {
  putenv("SAID=it's ${said}/words");
  return execv("${target}", argv);
}
const char *DOCSTRING = "\\n\\nmakeCWrapper ${target} \\\\\\n    ${options}\\n\\n\\n# (Use";
`;
  const file = await compile(join(temporaryDirectory(), "wrapper"), {
    files: { "wrapper.c": source },
    flags: ["-Os", `-Wl,--dynamic-linker=${glibc}`],
  });
  mkdirSync(dirname(hostPath(store, path)), { recursive: true });
  cpSync(file, hostPath(store, path));
}

describe("a wrapper of makeBinaryWrapper", () => {
  it("starts what it wraps where that is now, with its variables", async () => {
    const { store, program, glibc } = await buildTool();
    const path = `${packagePath("wrapped")}/bin/tool`;
    await addWrapper(store, path, program, glibc);
    const output = join(temporaryDirectory(), "bundle");
    const ran = await wrapBuddy(store, ["bundle", path, "--output", output]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ran.stdout).toContain(`bundled bin/tool from ${path}: a wrapper of ${program}\n`);
    const words = `it's /at/root${packagePath("wrapped")}/bin/../../0123456789abcdfghijklmnpqrsvwxyz-words/share/words`;
    expect(await runBundled(output, ["tool"], { at: "/at" })).toEqual(said(words));
  });
});

it("a wrapper that changes its directory first is said to start what it wraps in the store", async () => {
  const { store, program, glibc } = await buildTool();
  const path = `${packagePath("wrapped")}/bin/tool`;
  await addWrapper(store, path, program, glibc, " --chdir '/'");
  const ran = await wrapBuddy(store, ["bundle", path, "--dry-run", "--output", "/tmp/no-such-bundle"]);
  expect(ran).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining(`${path}: a wrapper that starts ${program}`),
  });
});

it("a library without room for another run path keeps its own, with a warning, and what it needs is found all the same", async () => {
  const { store, program } = await buildTool();
  const library = `${packagePath("first")}/lib/libfirst.so`;
  const file = hostPath(store, library);
  const bytes = readFileSync(file);
  const segments = await execa("readelf", ["-lW", file]);
  for (const match of segments.stdout.matchAll(/LOAD\s+0x(\w+)\s+0x\w+\s+0x\w+\s+0x(\w+)/g)) {
    const end = Number.parseInt(match[1] ?? "", 16) + Number.parseInt(match[2] ?? "", 16);
    if (bytes[end + 20] === 0) bytes[end + 20] = 1;
  }
  writeFileSync(file, bytes);
  const output = join(temporaryDirectory(), "bundle");
  const ran = await wrapBuddy(store, ["bundle", program, "--output", output]);
  expect([ran.exitCode, ran.stderr]).toEqual([
    0,
    `wrap-buddy: warning: ${library}: keeps a run path that leads out of the bundle: it has no room for another\n` +
      "  help: what it needs is loaded before it by the executables; what it opens by name is not found there\n",
  ]);
  expect(await runBundled(output, ["tool", "x"])).toEqual(said("x"));
});

it("an entry of a run path that is of the machine stays", async () => {
  const store = createStore();
  const glibc = addGlibc(store);
  const tool = await compile(join(temporaryDirectory(), "tool"), {
    files: { "tool.c": "int main(void) { return 0; }\n" },
    flags: [`-Wl,--dynamic-linker=${glibc.interpreter}`, `-Wl,-rpath,/run/opengl-driver/lib:${glibc.directory}`],
  });
  const bin = addFiles(store, `${packagePath("tool")}/bin`, [tool]);
  const bundle = await makeBundle([`${bin}/tool`], store);
  const sidecar = readFileSync(join(bundle, `root${bin}/.tool.wrapbuddy`), "latin1");
  expect(sidecar).toMatch(/\0\/run\/opengl-driver\/lib:\$ORIGIN\/[^:\0]*glibc-x86_64\/lib\0/);
  expect(await runBundled(bundle, ["tool"])).toMatchObject({ exitCode: 0 });
});

describe("a script", () => {
  it("of the store starts through a launcher, with the interpreter that it names", async () => {
    const { store, program } = await buildTool();
    const directory = `${packagePath("script")}/bin`;
    const path = `${directory}/script`;
    mkdirSync(hostPath(store, directory), { recursive: true });
    writeFileSync(hostPath(store, path), `#!${program}\n`);
    chmodSync(hostPath(store, path), 0o755);
    // The plug-in and the data of the program lie in its own store path.
    const bundle = await makeBundle([path, program], store);
    const place = `/bundle/bin/../root${path}`;
    expect(await runBundled(bundle, ["script"])).toEqual(said(place));
    expect(await runBundled(bundle, ["script", "more"], { at: "/a b" })).toEqual(
      said(place.replace("/bundle", "/a b")),
    );
  });

  it("of makeWrapper is said to start what it wraps in the store", async () => {
    const { store, program } = await buildTool();
    const path = `${packagePath("script")}/bin/tool`;
    mkdirSync(dirname(hostPath(store, path)), { recursive: true });
    writeFileSync(hostPath(store, path), `#!${program}\nexport A='b'\nexec -a "$0" "${program}"  "$@"\n`, {
      mode: 0o755,
    });
    const ran = await wrapBuddy(store, ["bundle", path, "--dry-run", "--output", "/tmp/no-such-bundle"]);
    expect(ran.stderr).toBe(
      `wrap-buddy: warning: ${path}: a wrapper that starts ${program} by that path, which leads nowhere without the store\n` +
        `  help: bundle ${program} itself, with --set for its variables; or have the wrapper made by makeBinaryWrapper, without --chdir\n`,
    );
    expect(ran.exitCode).toBe(0);
  });

  it("whose interpreter is elsewhere is copied, and reported", async () => {
    const { store } = await buildTool();
    const path = join(temporaryDirectory(), "script");
    writeFileSync(path, "#!/usr/bin/env no-such-program\n", { mode: 0o755 });
    const output = join(temporaryDirectory(), "bundle");
    const ran = await wrapBuddy(store, ["bundle", path, "--output", output]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("a script that no-such-program starts, which is not in the bundle");
    expect(readFileSync(join(output, "bin/script"), "utf8")).toContain("no-such-program");
  });
});
