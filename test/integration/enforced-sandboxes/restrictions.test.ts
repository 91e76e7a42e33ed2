// Where the kernel, a filter or a limit forbids something, a wrapped program does what it does there unwrapped. Unwrapped
// it has the links to a dynamic linker that it lacks wrapped. A probe shows that the restriction is in force.

import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { lld, type Source } from "../../support/compiled/compile.ts";
import { buildProgram, type Program, wrap } from "../../support/compiled/program.ts";
import { addLauncher, type Launcher, type Restriction, restricted } from "../../support/roots/restrictions.ts";
import { type Ran, runInStore, type SandboxOptions } from "../../support/roots/sandbox.ts";
import { addFiles, packagePath, storeDirectory } from "../../support/roots/store.ts";

/** A root directory below the root directory: the store, and nothing else. */
const jail = "/jail";

interface Enforced extends Restriction {
  /** What of the probe's attempts comes out in another way than without it. */
  readonly refuses: readonly string[] | "anything that can be told";
  /** A sidecar beside /proc/self/exe cannot be found. */
  readonly hidesSidecar?: true;
}

const isExecutable = (answer: string) =>
  [
    "make a written page executable",
    "make an unwritten page executable",
    "make a page executable with a key",
    "map a page writable and executable",
    "make a page writable and executable",
    "attach executable shared memory",
  ].map((attempt) => `${attempt}: ${answer}`);

const restrictions: { readonly [title: string]: Enforced } = {
  PR_SET_MDWE: { words: ["mdwe"], refuses: isExecutable("EACCES") },
  "systemd's MemoryDenyWriteExecute": { words: ["deny-write-execute"], refuses: isExecutable("EPERM") },
  "a filter that ends whoever makes a page writable and executable": {
    words: ["deny-both=kill"],
    refuses: ["map a page writable and executable: SYS", "make a page writable and executable: SYS"],
  },
  "PR_SET_MDWE and a filter that ends whoever makes a page writable and executable": {
    words: ["mdwe", "deny-both=kill"],
    refuses: isExecutable("EACCES").map((line) =>
      line.includes("writable and executable") ? line.replace("EACCES", "SYS") : line,
    ),
  },
  "systemd's @system-service": {
    words: ["system-service"],
    refuses: ["make a page executable with a key: EPERM", "be traced: EPERM"],
  },
  "a filter that ends whoever makes a call outside of @system-service": {
    words: ["system-service=kill"],
    refuses: ["make a page executable with a key: SYS", "be traced: SYS"],
  },
  "@system-service and PR_SET_MDWE": {
    words: ["mdwe", "system-service"],
    refuses: [
      ...isExecutable("EACCES").map((line) => (line.includes("key") ? line.replace("EACCES", "EPERM") : line)),
      "be traced: EPERM",
    ],
  },
  "@system-service and MemoryDenyWriteExecute": {
    words: ["deny-write-execute", "system-service"],
    refuses: [...isExecutable("EPERM"), "be traced: EPERM"],
  },
  "no /proc": {
    words: [],
    sandbox: () => ({ proc: false }),
    refuses: ["read /proc/self/exe: ENOENT"],
    hidesSidecar: true,
  },
  "a read-only root directory": {
    words: [],
    sandbox: () => ({
      readOnlyStore: true,
      bwrap: ["--remount-ro", "/tmp", "--remount-ro", "/dev", "--remount-ro", "/"],
    }),
    refuses: ["make a directory in the root directory: EROFS"],
  },
  "a root directory with nothing but the store": {
    words: [`chroot=${jail}`],
    sandbox: (store) => ({
      binds: [[store.directory, `${jail}${storeDirectory}`]],
      bwrap: ["--cap-add", "CAP_SYS_CHROOT"],
    }),
    refuses: ["read /proc/self/exe: ENOENT", "open /dev/null: ENOENT"],
    hidesSidecar: true,
  },
  "a stack of 32 KB": { words: ["stack=32768"], refuses: ["use 256 KB of stack: SEGV"] },
  "one descriptor to spare": { words: ["descriptors=4"], refuses: ["open four files: EMFILE"] },
  "three descriptors and standard input closed": {
    words: ["close=0", "descriptors=3"],
    refuses: ["open four files: EMFILE", "standard input: EBADF"],
  },
  "256 MB of address space": { words: [`memory=${256 << 20}`], refuses: ["map 1 GB: ENOMEM"] },
  "standard input closed": { words: ["close=0"], refuses: ["standard input: EBADF"] },
  "standard output closed": { words: ["close=1"], refuses: ["standard output: EBADF"] },
  "standard error closed": { words: ["close=2"], refuses: ["standard error: EBADF"] },
  "all standard streams closed": { words: ["close=0", "close=1", "close=2"], refuses: "anything that can be told" },
};

interface Form {
  readonly source: Omit<Source, "files">;
  readonly args: readonly string[];
  readonly isBeside?: true;
  /** No stub, so nothing that has to be made executable again. */
  readonly isInPlace?: true;
  readonly architecture?: "i386";
}

const i386 = { source: { compiler: "i686-linux-gnu-gcc" }, architecture: "i386" } as const;
const loaderDirectory = `${packagePath("loader")}/lib`;
const loaderFile = new URL("../../../dist/blobs/x86_64/loader.bin", import.meta.url).pathname;

const forms: { readonly [title: string]: Form } = {
  "an absolute path in the stub": { source: {}, args: [] },
  "a sidecar beside /proc/self/exe": { source: {}, args: ["--relocatable"], isBeside: true },
  "the dynamic array moved": { source: lld, args: [] },
  "the dynamic array moved, a sidecar beside /proc/self/exe": { source: lld, args: ["--relocatable"], isBeside: true },
  "no position independence": { source: { flags: ["-O2", "-no-pie"] }, args: [] },
  "DT_RPATH and pinned libraries": {
    source: { flags: ["-O2", "-Wl,--disable-new-dtags,-rpath,/nowhere"] },
    args: ["--pin", "--run-path-mode", "rpath"],
  },
  "a shared loader": { source: {}, args: ["--loader-dir-path", loaderDirectory] },
  "everything in place": { source: {}, args: ["--form", "in-place"], isInPlace: true },
  i386: { ...i386, args: [] },
  "i386, a sidecar beside /proc/self/exe": { ...i386, args: ["--relocatable"], isBeside: true },
};

const facts = readFileSync(new URL("../../fixtures/starting/facts.c", import.meta.url), "utf8");
const unrestricted: Enforced = { words: [], refuses: [] };

interface Stage {
  readonly program: Program;
  readonly launcher: Launcher;
  /** Starts the program, or another of the store. */
  readonly run: (restriction: Restriction, options?: Partial<SandboxOptions>, command?: string) => Promise<Ran>;
  /** What bwrap makes of a root directory with which the unwrapped program starts. */
  readonly linker: Partial<SandboxOptions>;
}

async function prepare(form: Form): Promise<Stage> {
  const source: Source = { ...form.source, files: { "facts.c": facts } };
  const program = await buildProgram(source, "facts", form.architecture);
  const launcher = await addLauncher(program.store, form.architecture === undefined ? "gcc" : form.source.compiler);
  addFiles(program.store, loaderDirectory, [loaderFile]);
  const libraries = dirname(program.glibc.interpreter);
  // What executables name, and where Debian's C libraries look for themselves.
  const links = [
    ["/lib64", libraries],
    ["/lib/x86_64-linux-gnu", libraries],
    ["/lib/ld-linux.so.2", program.glibc.interpreter],
    ["/lib/i386-linux-gnu", libraries],
  ].flatMap(([path, target = ""]) => ["", jail].flatMap((root) => ["--symlink", target, `${root}${path}`]));
  return {
    program,
    launcher,
    linker: { bwrap: links },
    run: (restriction, options = {}, command = program.path) => {
      const sandbox: SandboxOptions = restriction.sandbox?.(program.store) ?? {};
      return runInStore(program.store, restricted(restriction, launcher, [command, "an argument", ""]), {
        ...sandbox,
        ...options,
        bwrap: [...(options.bwrap ?? []), ...(sandbox.bwrap ?? [])],
      });
    },
  };
}

/** A restriction is enforced upon what the kernel starts. */
const tagsOf = ({ architecture }: Form) => (architecture === undefined ? [] : [architecture]);

function testForm(form: Form): void {
  const native = new Map<string, Ran>();
  let stage: Stage;

  beforeAll(async () => {
    stage = await prepare(form);
    for (const [title, restriction] of Object.entries(restrictions)) {
      native.set(title, await stage.run(restriction, stage.linker));
    }
    expect(await stage.run(unrestricted)).toMatchObject({ exitCode: 3, stdout: "" });
    expect(await wrap(stage.program, form.args)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it.each(Object.entries(restrictions))("a program starts as unwrapped: %s", async (title, restriction) => {
    const unwrapped = native.get(title);
    const hasOutput = !restriction.words.includes("close=1");
    expect(unwrapped).toMatchObject({
      exitCode: 7,
      stdout: hasOutput ? expect.stringMatching(/writable and executable 0\n(.*\n)*exit handlers run/) : "",
    });
    if (form.isBeside && restriction.hidesSidecar) {
      const stderr = "cannot load /proc/self/.facts.wrapbuddy\n";
      expect(await stage.run(restriction)).toEqual({ stdout: "", stderr, exitCode: 127 });
    } else {
      expect(await stage.run(restriction)).toEqual(unwrapped);
    }
  });
}

for (const [title, form] of Object.entries(forms)) {
  describe(`wrapped with ${title}`, { tags: tagsOf(form) }, () => testForm(form));
}

describe("a restriction is in force:", () => {
  let stage: Stage;
  let free: readonly string[];
  const linesOf = ({ stdout, stderr }: Ran) => `${stdout}${stderr}`.split("\n");

  beforeAll(async () => {
    stage = await prepare({ source: {}, args: [] });
    free = linesOf(await stage.run(unrestricted, {}, stage.launcher.probe));
    expect(free).toHaveLength(19);
    expect(free.filter((line) => !line.endsWith(": done"))).toEqual([""]);
  });

  it.each(Object.entries(restrictions))("%s", async (_, restriction) => {
    const probed = await stage.run(restriction, {}, stage.launcher.probe);
    if (restriction.refuses === "anything that can be told") {
      expect(probed).toEqual({ stdout: "", stderr: "", exitCode: 1 });
    } else {
      expect(linesOf(probed).filter((line) => !free.includes(line))).toEqual(restriction.refuses);
    }
  });
});

describe("where more is forbidden than a wrapped program can do without", () => {
  it("it ends with a message where the unwrapped one does: no descriptor to spare", async () => {
    const { program, run, linker } = await prepare({ source: {}, args: [] });
    const restriction = { words: ["descriptors=3"] };
    expect(await run(restriction, linker)).toEqual({
      stdout: "",
      stderr: `${program.path}: error while loading shared libraries: libc.so.6: cannot open shared object file: Error 24\n`,
      exitCode: 127,
    });
    await wrap(program);
    const sidecar = program.path.replace(/facts$/, ".facts.wrapbuddy");
    expect(await run(restriction)).toEqual({
      stdout: "",
      stderr: `wrap-buddy: cannot load ${sidecar}\n`,
      exitCode: 127,
    });
  });

  it("in place it starts where nothing can be made executable, and where the attempt ends it", async () => {
    const { program, run, linker } = await prepare({ source: {}, args: [] });
    const forbidden = [{ words: ["deny-write-execute", "deny-memory-files"] }, { words: ["deny-write-execute=kill"] }];
    const unwrapped = await Promise.all(forbidden.map((restriction) => run(restriction, linker)));
    expect(unwrapped.map(({ exitCode }) => exitCode)).toEqual([7, 7]);
    await wrap(program, ["--form", "in-place"]);
    expect(await Promise.all(forbidden.map((restriction) => run(restriction)))).toEqual(unwrapped);
  });

  for (const [title, form] of Object.entries(forms).filter(([, { isInPlace }]) => !isInPlace)) {
    it(`it ends with a message where nothing can be made executable: ${title}`, { tags: tagsOf(form) }, async () => {
      const { program, run, linker } = await prepare(form);
      const restriction = { words: ["deny-write-execute", "deny-memory-files"] };
      expect(await run(restriction, linker)).toMatchObject({ exitCode: 7 });
      await wrap(program, form.args);
      const sidecar = program.path.replace(/facts$/, ".facts.wrapbuddy");
      // The bytes of the stub, which has that name, are gone by then.
      expect(await run(restriction)).toEqual({
        stdout: "",
        stderr: `wrap-buddy: error: ${sidecar}: cannot restore the entry point (error 1)\n`,
        exitCode: 127,
      });
    });
  }

  it("it is ended where making a page executable is answered with a signal", async () => {
    const { program, run, linker } = await prepare({ source: {}, args: [] });
    const restriction = { words: ["deny-write-execute=kill"] };
    expect(await run(restriction, linker)).toMatchObject({ exitCode: 7 });
    await wrap(program);
    const SIGSYS = 31;
    expect(await run(restriction)).toEqual({ stdout: "", stderr: "", exitCode: 128 + SIGSYS });
  });
});
