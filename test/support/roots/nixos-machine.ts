// A machine like NixOS: a store with a node that is linked against it, a shell and what every NixOS has in $PATH, a
// stand-in at /lib64 that only says why nothing starts, no other library anywhere; and a project to work in.

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "../compiled/compile.ts";
import { repository } from "../repository.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { type Ran, runInStore, type SandboxOptions, wrapBuddy } from "./sandbox.ts";
import { addFiles, addGccLibraries, addGlibc, createStore, hostPath, packagePath, type Store } from "./store.ts";

const root = fileURLToPath(repository);

export interface NixosMachine {
  readonly store: Store;
  /** The project's directory on this machine; there it is /project. */
  readonly project: string;
  /** The paths of node and of the shell in the store. */
  readonly node: string;
  readonly bash: string;
  /** Runs a command in the project. */
  readonly run: (command: readonly [string, ...string[]], options?: SandboxOptions) => Promise<Ran>;
  /** Runs the command line in the project, with the machine's node. */
  readonly tool: (...words: readonly string[]) => Promise<Ran>;
  /** Runs a shell's line in the project, with `wrap-buddy` in $PATH. */
  readonly shell: (line: string, options?: SandboxOptions) => Promise<Ran>;
}

export interface NixosMachineOptions {
  /** False: nothing at /lib64, as where environment.stub-ld is off, and in a Nix build. */
  readonly hasStandIn?: boolean;
}

/** What NixOS has at /lib64. Source: nixpkgs, pkgs/by-name/st/stub-ld. */
const stubLinker = `
static long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}
static void say(const char *text) {
  long length = 0;
  while (text[length]) length++;
  call(1, 2, (long)text, length);
}
__attribute__((used)) static void stub_main(long *stack) {
  say("Could not start dynamically linked executable: ");
  if (stack[0] > 0) say((const char *)stack[1]);
  say("\\nNixOS cannot run dynamically linked executables intended for generic\\n"
      "linux environments out of the box. For more information, see:\\nhttps://nix.dev/permalink/stub-ld\\n");
  call(60, 127, 0, 0);
}
__asm__(".globl _start\\n_start: mov %rsp, %rdi\\n and $-16, %rsp\\n call stub_main\\n");`;

const libraries = (...names: readonly string[]) => names.map((name) => `/usr/lib/x86_64-linux-gnu/${name}`);

/** Made of copies of this machine's programs, which the tool itself makes run there. */
export async function createNixosMachine({ hasStandIn = true }: NixosMachineOptions = {}): Promise<NixosMachine> {
  const store = createStore();
  const [project, etc] = [temporaryDirectory(), temporaryDirectory()];
  const glibc = addGlibc(store);
  const gcc = addGccLibraries(store);
  const openssl = addFiles(store, `${packagePath("openssl")}/lib`, libraries("libssl.so.3", "libcrypto.so.3"));
  // As nixpkgs' node it names its dynamic linker and the directories of its libraries itself.
  const node = join(addFiles(store, `${packagePath("nodejs")}/bin`, [process.execPath]), basename(process.execPath));
  const words = ["--interpreter", glibc.interpreter, "--libs", gcc, "--runtime-dependencies", gcc, openssl];
  await wrapped(store, [node, "--form", "in-place", ...words]);
  /** What every NixOS has in $PATH: the tool copies files with them. */
  const utilities = addFiles(store, `${packagePath("coreutils")}/bin`, [
    ...["cp", "script", "sync", "xargs"].map((name) => `/usr/bin/${name}`),
    "/bin/bash",
  ]);
  const theirs = addFiles(
    store,
    `${packagePath("coreutils")}/lib`,
    libraries("libacl.so.1", "libattr.so.1", "libselinux.so.1", "libpcre2-8.so.0", "libtinfo.so.6"),
  );
  await wrapped(store, [utilities, "--interpreter", glibc.interpreter, "--libs", theirs]);
  const bash = `${utilities}/bash`;
  const command = join(hostPath(store, utilities), "wrap-buddy");
  writeFileSync(command, `#!${bash}\nexec ${node} /wrap-buddy/dist/cli/main.js "$@"\n`);
  chmodSync(command, 0o755);
  if (hasStandIn) {
    await compile(join(etc, "ld-linux-x86-64.so.2"), {
      files: { "stub.c": stubLinker },
      flags: ["-O1", "-ffreestanding", "-nostdlib", "-static-pie", "-fPIE"],
    });
  }

  const run: NixosMachine["run"] = (command, options = {}) =>
    runInStore(store, command, {
      seconds: 120,
      workingDirectory: "/project",
      ...options,
      environment: { PATH: utilities, ...options.environment },
      binds: [
        [project, "/project"],
        [join(root, "dist"), "/wrap-buddy/dist"],
        ...(hasStandIn ? [[etc, "/lib64"] as const] : []),
        ...(options.binds ?? []),
      ],
    });
  return {
    store,
    project,
    node,
    bash,
    run,
    tool: (...words) => run([node, "/wrap-buddy/dist/cli/main.js", ...words]),
    shell: (line, options) => run([bash, "-c", line], options),
  };
}

async function wrapped(store: Store, words: readonly string[]): Promise<void> {
  const ran = await wrapBuddy(store, words);
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
}

/** Makes the directories above `path` in the project, and returns where that is on this machine. */
export function inProject({ project }: NixosMachine, path: string): string {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  return join(project, path);
}
