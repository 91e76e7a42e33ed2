// Wrapped programs with privileges. Whoever can make a hard link to one chooses the directory that it is started from,
// so nothing beside /proc/self/exe is used then; a path in the store is. All of it with a real set-user-ID bit, a real
// set-group-ID bit, real file capabilities, and a caller that has them.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, lld, type Source } from "../../support/compiled/compile.ts";
import {
  attacker,
  attackersHome,
  createPrivilegedRoot,
  type PrivilegedRoot,
  type PrivilegedRun,
  runAsUser,
} from "../../support/roots/privileged-root.ts";
import { type Ran, wrapBuddy } from "../../support/roots/sandbox.ts";
import { addFiles, addGlibc, type GlibcName, hostPath, packagePath } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/privileges/${name}`, import.meta.url), "utf8");

const directory = `${packagePath("tool")}/bin`;
const path = `${directory}/who`;
const sidecar = `${directory}/.who.wrapbuddy`;
const link = `${attackersHome}/who`;
const linksSidecar = `${attackersHome}/.who.wrapbuddy`;
const attackersLibrary = `${attackersHome}/libc.so.6`;
const bundled = "libbundled.so";
const loaderDirectory = `${packagePath("loader")}/lib`;
const loaderFile = new URL("../../../dist/blobs/x86_64/loader.bin", import.meta.url).pathname;

interface Form {
  readonly source: Omit<Source, "files">;
  readonly args: readonly string[];
  readonly architecture?: GlibcName;
}

const i386 = { source: { compiler: "i686-linux-gnu-gcc" }, architecture: "i386" } as const;

interface BesideForm extends Form {
  readonly message: (sidecar: string) => string;
  /** Files that are mapped before it is refused: none of the attacker's. */
  readonly mapped: number;
}

const absolute: { readonly [title: string]: Form } = {
  "an absolute path in the stub": { source: {}, args: [] },
  "the dynamic array moved": { source: lld, args: [] },
  "no position independence": { source: { flags: ["-O2", "-no-pie"] }, args: [] },
  "DT_RPATH and pinned libraries": { source: {}, args: ["--pin", "--run-path-mode", "rpath"] },
  "no pinned libraries": { source: {}, args: ["--no-pin"] },
  "all of it in place": { source: {}, args: ["--form", "in-place"] },
  "a shared loader": { source: {}, args: ["--loader-dir-path", loaderDirectory] },
  "an absolute path in the stub of i386": { ...i386, args: [] },
};

const beside: { readonly [title: string]: BesideForm } = {
  "a sidecar beside /proc/self/exe": {
    source: {},
    args: ["--relocatable"],
    message: (sidecar) => `cannot load ${sidecar}\n`,
    mapped: 0,
  },
  "a sidecar beside /proc/self/exe, the dynamic array moved": {
    source: lld,
    args: ["--relocatable"],
    message: (sidecar) => `cannot load ${sidecar}\n`,
    mapped: 0,
  },
  "a sidecar beside /proc/self/exe on i386": {
    ...i386,
    args: ["--relocatable"],
    message: (sidecar) => `cannot load ${sidecar}\n`,
    mapped: 0,
  },
  "a sidecar beside /proc/self/exe and a shared loader": {
    source: {},
    args: ["--relocatable", "--loader-dir-path", loaderDirectory],
    message: (sidecar) => `wrap-buddy: error: ${sidecar}: not used for a privileged program\n`,
    mapped: 1,
  },
};

/** How a program gets privileges: commands that give them, and what it then says of itself. */
const privileges = {
  "the set-user-ID bit": {
    give: (file: string) => `chmod 4511 .${file}`,
    says: `user ${attacker} 0, group ${attacker} ${attacker}, secure 1\n`,
  },
  "the set-group-ID bit": {
    give: (file: string) => `chmod 2555 .${file}`,
    says: `user ${attacker} ${attacker}, group ${attacker} 0, secure 1\n`,
  },
  "a file capability": {
    give: (file: string) => `setcap cap_net_raw+ep .${file}`,
    says: `user ${attacker} ${attacker}, group ${attacker} ${attacker}, secure 1\nCapEff:\t0000000000002000\n`,
  },
} as const;
const setUserId = privileges["the set-user-ID bit"];
const unprivileged = `user ${attacker} ${attacker}, group ${attacker} ${attacker}, secure 0\nCapEff:\t0000000000000000\n`;

/** A root directory with the program in its store, wrapped, and with what an attacker has prepared for it. */
async function prepare({ source, args, architecture = "x86_64" }: Form): Promise<PrivilegedRoot> {
  const root = await createPrivilegedRoot();
  const { store } = root;
  const build = temporaryDirectory();
  const program = await compile(`${build}/who`, { ...source, files: { "who.c": fixture("who.c") } });
  addFiles(store, directory, [program]);
  addFiles(store, loaderDirectory, [loaderFile]);
  const { compiler = "gcc" } = source;
  const library = {
    compiler,
    files: { "bundled.c": "int bundled;" },
    flags: ["-shared", "-fPIC", `-Wl,-soname,${bundled}`],
  };
  addFiles(store, `${packagePath("tool")}/lib`, [await compile(`${build}/${bundled}`, library)]);
  const { interpreter } = addGlibc(store, architecture);
  const wrapped = await wrapBuddy(store, [packagePath("tool"), "--interpreter", interpreter, ...args]);
  expect(wrapped).toMatchObject({ exitCode: 0 });

  // A path of the same length, so that all sizes and check numbers are right.
  const own = `${attackersHome}/${"x".repeat(interpreter.length - attackersHome.length - 1)}`;
  const files = { "attacker.c": fixture("attacker.c") };
  const shared = ["-O2", "-fPIC", "-shared"];
  await compile(join(root.directory, own), {
    files,
    compiler,
    flags: [...shared, "-DINTERPRETER", "-nostdlib", "-ffreestanding", "-fno-stack-protector", "-Wl,-e,_start"],
  });
  await compile(join(root.directory, attackersLibrary), { files, compiler, flags: shared });
  const written = hostPath(store, sidecar);
  const genuine = existsSync(written) ? readFileSync(written).toString("latin1") : interpreter;
  writeFileSync(join(root.directory, linksSidecar), genuine.replace(interpreter, own), "latin1");
  return root;
}

/** The program under another name in the attacker's directory, where his sidecar lies beside it. */
const hardLink = `ln .${path} .${link}`;
const symbolicLink = `ln -s ${path} .${link}`;

const start = (root: PrivilegedRoot, command: string, run: PrivilegedRun = {}): Promise<Ran> =>
  runAsUser(root, [command], run);

/** What it has by its mode, or by who starts it, the kernel gives it. */
const tagsOf = ({ architecture }: Form) => ["users", "trace", ...(architecture === "i386" ? ["i386"] : [])];

function testAbsoluteForm(form: Form): void {
  let root: PrivilegedRoot;
  const isInPlace = form.args.includes("in-place");

  beforeAll(async () => {
    root = await prepare(form);
  });

  it("has no privileges unless they are given", async () => {
    const ran = await start(root, path);
    expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
    expect(ran.stdout).toContain(unprivileged);
  });

  it.each(Object.entries(privileges))("has those of %s", async (_, { give, says }) => {
    const ran = await start(root, path, { setup: [give(path)] });
    expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
    expect(ran.stdout).toContain(says);
  });

  it("starts with those of a privileged program that starts it", async () => {
    const caller = root.launcher.launcher;
    const ran = await runAsUser(root, [caller, "--", path], { setup: [`chmod 4511 .${caller}`] });
    expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
    expect(ran.stdout).toContain(setUserId.says);
  });

  it("does not say what it does", async () => {
    const environment = ["WRAP_BUDDY_TRACE=1"];
    const { stderr } = await start(root, path, { environment });
    expect(stderr).toContain(isInPlace ? "" : "wrap-buddy: jump to interpreter at 0x");
    const ran = await start(root, path, { environment, setup: [setUserId.give(path)] });
    expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
  });

  it.each([
    ["hard link", hardLink],
    ["symbolic link", symbolicLink],
    ["copy with its privileges", `cp -p .${path} .${link}`],
  ])("is itself behind a %s in the attacker's directory", async (_, make) => {
    const setup = [setUserId.give(path), make];
    const ran = await start(root, link, { setup });
    expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
    expect(ran.stdout).toContain(setUserId.says);
    const mapped = ran.stdout.split("\n").filter((line) => line.startsWith("/"));
    expect(mapped.filter((file) => file.startsWith("/home/") && file !== link)).toEqual([]);
    const traced = await start(root, link, { setup, isTraced: true });
    expect(openedBy(traced, link).includes(sidecar)).toBe(!isInPlace);
    expect(openedBy(traced, link).filter((file) => file.startsWith("/home/"))).toEqual([]);
  });

  it("is itself under another name", async () => {
    const renamed = `${dirname(path)}/renamed`;
    const ran = await start(root, renamed, { setup: [setUserId.give(path), `mv .${path} .${renamed}`] });
    expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
    expect(ran.stdout).toContain(setUserId.says);
  });

  it.each([`LD_PRELOAD=${attackersLibrary}`, `LD_AUDIT=${attackersLibrary}`])("ignores %s", async (variable) => {
    const environment = [variable];
    expect((await start(root, path, { environment })).stdout).toContain("the attacker's library runs");
    const ran = await start(root, path, { environment, setup: [setUserId.give(path)] });
    expect(ran.stdout).toContain(setUserId.says);
    expect(ran.stdout).not.toContain("attacker");
  });
}

for (const [title, form] of Object.entries(absolute)) {
  describe(`a privileged program wrapped with ${title}`, { tags: tagsOf(form) }, () => testAbsoluteForm(form));
}

/** The files that a traced program opened, whatever came of it. */
function openedBy({ stderr }: Ran, program: string): readonly string[] {
  const from = stderr.lastIndexOf(`execve("${program}"`);
  expect(from).toBeGreaterThan(0);
  return [...stderr.slice(from).matchAll(/\bopen(?:at)?\((?:AT_FDCWD, )?"([^"]*)"/g)].map(([, file = ""]) => file);
}

describe("the libraries of a privileged program", { tags: ["users"] }, () => {
  it("are not searched for in LD_LIBRARY_PATH", async () => {
    const root = await prepare({ source: {}, args: ["--no-pin", "--run-path-mode", "runpath"] });
    const environment = [`LD_LIBRARY_PATH=${attackersHome}`];
    const unprivileged = await start(root, path, { environment });
    expect(unprivileged.stderr).toContain(`${attackersLibrary}: no version information available`);
    const ran = await start(root, path, { environment, setup: [setUserId.give(path)] });
    expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
    expect(ran.stdout).toContain(setUserId.says);
  });

  /** One comes with the program, in $ORIGIN/../lib; the attacker has another in the same place beside his link. */
  async function prepareBundled(args: readonly string[]) {
    const source = { flags: ["-O2", "-Wl,-rpath,$ORIGIN/../lib"] };
    const root = await prepare({ source, args: ["--needed", bundled, ...args] });
    const setup = [
      `mkdir -p .${attackersHome}/bin .${attackersHome}/lib`,
      `cp .${attackersLibrary} .${attackersHome}/lib/${bundled}`,
      `ln .${path} .${attackersHome}/bin/who`,
    ];
    return { root, setup, link: `${attackersHome}/bin/who` };
  }

  it("that come with it are the store's behind a hard link, when they are pinned", async () => {
    const { root, setup, link } = await prepareBundled([]);
    const ran = await start(root, link, { setup: [...setup, setUserId.give(path)] });
    expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
    expect(ran.stdout).toContain(setUserId.says);
    expect(ran.stdout).toContain(`${packagePath("tool")}/lib/${bundled}\n`);
  });

  it("that come with it are not the attacker's behind a hard link, when they are not pinned", async () => {
    const { root, setup, link } = await prepareBundled(["--no-pin"]);
    expect((await start(root, link, { setup })).stdout).toContain("the attacker's library runs");
    // As unwrapped: glibc takes no $ORIGIN for a privileged program.
    expect(await start(root, link, { setup: [...setup, setUserId.give(path)] })).toEqual({
      stdout: "",
      stderr: `${link}: error while loading shared libraries: ${bundled}: cannot open shared object file: No such file or directory\n`,
      exitCode: 127,
    });
  });
});

function testBesideForm(form: BesideForm): void {
  let root: PrivilegedRoot;
  const refused = (file: string) => ({ stdout: "", stderr: form.message(file), exitCode: 127 });

  beforeAll(async () => {
    root = await prepare(form);
  });

  it("starts without privileges", async () => {
    const ran = await start(root, path);
    expect(ran).toMatchObject({ stderr: "", exitCode: 0 });
    expect(ran.stdout).toContain(unprivileged);
  });

  it.each(Object.entries(privileges))("is refused with %s", async (_, { give }) => {
    expect(await start(root, path, { setup: [give(path)] })).toEqual(refused(sidecar));
  });

  it("is refused with those of a privileged program that starts it", async () => {
    const caller = root.launcher.launcher;
    const ran = await runAsUser(root, [caller, "--", path], { setup: [`chmod 4511 .${caller}`] });
    expect(ran).toEqual(refused(sidecar));
  });

  it("is refused under another name", async () => {
    const renamed = `${dirname(path)}/renamed`;
    const setup = [setUserId.give(path), `mv .${path} .${renamed}`];
    expect(await start(root, renamed, { setup })).toEqual(refused(sidecar));
  });

  it("is refused behind a symbolic link in the attacker's directory", async () => {
    const setup = [setUserId.give(path), symbolicLink];
    expect(await start(root, link, { setup })).toEqual(refused(sidecar));
  });

  it.each([
    ["a hard link", hardLink],
    ["a copy", `cp .${path} .${link}`],
  ])(
    "runs what the attacker has prepared beside %s in his directory, as him, when it has no privileges",
    async (_, make) => {
      const ran = await start(root, link, { setup: [make] });
      expect(ran).toEqual({ stdout: "the attacker's interpreter runs\n", stderr: "", exitCode: 66 });
    },
  );

  it("runs what the attacker has prepared as whoever starts a copy in his directory", async () => {
    const ran = await start(root, link, { setup: [`cp .${path} .${link}`], user: 0 });
    expect(ran).toEqual({ stdout: "the attacker's interpreter runs\n", stderr: "", exitCode: 66 });
  });

  it.each(Object.entries(privileges))("is refused behind a hard link in his directory with %s", async (_, { give }) => {
    const setup = [give(path), hardLink];
    expect(await start(root, link, { setup })).toEqual(refused(linksSidecar));
    const traced = await start(root, link, { setup, isTraced: true });
    expect(traced.exitCode).toBe(127);
    const calls = traced.stderr
      .slice(traced.stderr.lastIndexOf(`execve("${link}"`))
      .split("\n")
      .slice(1);
    // Nothing of his is read or mapped: O_PATH is a name without the file.
    const about = calls.filter((call) => call.includes(attackersHome) && !/^(readlink(at)?|write)\(/.test(call));
    expect(about.filter((call) => !call.includes("O_PATH"))).toEqual([]);
    expect(calls.filter((call) => /^mmap2?\(/.test(call))).toHaveLength(form.mapped);
  });
}

for (const [title, form] of Object.entries(beside)) {
  describe(`a privileged program wrapped with ${title}`, { tags: tagsOf(form) }, () => testBesideForm(form));
}

const commandLine = new URL("../../../dist/cli/main.js", import.meta.url).pathname;

describe("wrapping a program", { tags: ["users"] }, () => {
  it("keeps its set-ID bits, with a warning, and its file capabilities", async () => {
    const root = await createPrivilegedRoot();
    const { interpreter } = addGlibc(root.store);
    const program = await compile(`${temporaryDirectory()}/who`, { files: { "who.c": fixture("who.c") } });
    addFiles(root.store, directory, [program]);
    const setup = [
      `chmod 6755 .${path} && setcap cap_net_raw+ep .${path}`,
      `stat -c %a .${path} && getcap .${path}`,
      `${process.execPath} ${commandLine} .${path} -q --interpreter .${interpreter}`,
      `stat -c %a .${path} && getcap .${path}`,
    ];
    expect(await start(root, path, { setup })).toEqual({
      stdout: `6755\n.${path} cap_net_raw=ep\n`.repeat(2),
      stderr: `wrap-buddy: warning: .${path}: set-user-ID and set-group-ID: it will refuse to start where that gives it privileges, because its sidecar is looked for beside it
  help: wrap it in the Nix store without --relocatable, or in place (--form), or take the bit away with chmod
cannot load ${sidecar}\n`,
      exitCode: 127,
    });
  });
});
