// Programs in a root directory that holds a store and nothing else of this machine: no /lib, no /lib64, no /usr.
// And the command line with the same store in its place. bubblewrap makes both, in namespaces of their own and without
// network; a program that does not end is ended.

import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { isInside } from "../../../src/base/path.ts";
import { emulatorPath, neededEmulatorIn } from "../compiled/emulator.ts";
import { repository } from "../repository.ts";
import { type Store, storeDirectory } from "./store.ts";

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status; bubblewrap itself reports a signal as 128 + its number. */
  readonly exitCode: number;
}

export interface SandboxOptions {
  /** False: no /proc. */
  readonly proc?: boolean;
  readonly environment?: { readonly [name: string]: string };
  /** Where the command starts; the root directory if that is not said. */
  readonly workingDirectory?: string;
  /** Directories or files of this machine, and where they are seen. */
  readonly binds?: readonly (readonly [from: string, to: string])[];
  /** Further arguments of bwrap. */
  readonly bwrap?: readonly string[];
  /** The store cannot be written. */
  readonly readOnlyStore?: boolean;
  /** Where the program finds the store, instead of at /nix/store; the command's words are taken to be there too. */
  readonly storeAt?: string;
  readonly seconds?: number;
  readonly input?: string;
}

/**
 * Runs a program of the store (its path there, then its arguments) in a root that holds only the store, and qemu for one
 * that this machine's kernel does not start.
 */
export async function runInStore(
  store: Store,
  command: readonly [string, ...string[]],
  options: SandboxOptions = {},
): Promise<Ran> {
  const qemu = neededEmulatorIn(store, command[0]);
  const { storeAt = storeDirectory } = options;
  const moved = command.map((word) =>
    isInside(word, storeDirectory) ? storeAt + word.slice(storeDirectory.length) : word,
  );
  const environment = { PATH: "/nonexistent", HOME: "/tmp", ...options.environment };
  return bwrap(
    [
      ...(options.proc === false ? [] : ["--proc", "/proc"]),
      ...["--dev", "/dev", "--tmpfs", "/tmp", "--chdir", options.workingDirectory ?? "/"],
      ...[options.readOnlyStore ? "--ro-bind" : "--bind", store.directory, storeAt],
      ...(options.binds ?? []).flatMap(([from, to]) => ["--bind", from, to]),
      ...(qemu === undefined ? [] : ["--ro-bind", qemu, emulatorPath]),
      ...["--clearenv", ...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value])],
      ...(options.bwrap ?? []),
    ],
    qemu === undefined ? moved : [emulatorPath, ...moved],
    options,
  );
}

const root = fileURLToPath(repository);
const commandLine = join(root, "dist/cli/main.js");

/** Runs the built command line on this machine's root directory, with `store` at /nix/store. */
export async function wrapBuddy(store: Store, args: readonly string[], options: SandboxOptions = {}): Promise<Ran> {
  if (!existsSync(commandLine)) throw new Error("dist/cli/main.js is missing: run npm run build");
  return runBesideStore(store, [process.execPath, commandLine, ...args], options);
}

/** Runs a command of this machine, with this machine's files and `store` at /nix/store. */
export async function runBesideStore(
  store: Store,
  command: readonly [string, ...string[]],
  options: SandboxOptions = {},
): Promise<Ran> {
  return bwrap(
    [
      ...[...machineRoot(), "--proc", "/proc", "--tmpfs", "/nix"],
      ...[options.readOnlyStore ? "--ro-bind" : "--bind", store.directory, storeDirectory],
      ...["--unsetenv", "NIX_BINTOOLS", "--unsetenv", "NIX_STORE"],
      ...Object.entries(options.environment ?? {}).flatMap(([name, value]) => ["--setenv", name, value]),
      ...(options.bwrap ?? []),
    ],
    command,
    options,
  );
}

/**
 * What stands in this machine's root directory, in one of bwrap's own: a mount point that the machine does not have, /nix
 * above all, is then made there, which takes no rights and leaves nothing behind.
 */
function machineRoot(): readonly string[] {
  return readdirSync("/", { withFileTypes: true }).flatMap((entry) => {
    const path = `/${entry.name}`;
    return entry.isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--dev-bind", path, path];
  });
}

/** Runs a command in namespaces of its own, without network, in a root that bwrap's `options` make. */
export async function bwrap(
  options: readonly string[],
  command: readonly string[],
  { seconds = 30, input }: Pick<SandboxOptions, "seconds" | "input"> = {},
): Promise<Ran> {
  const result = await execa("bwrap", ["--unshare-all", "--die-with-parent", ...options, "--", ...command], {
    reject: false,
    timeout: seconds * 1000,
    stripFinalNewline: false,
    ...(input === undefined ? { stdin: "ignore" } : { input }),
  });
  if (result.exitCode === undefined) throw new Error(`bwrap ${command.join(" ")}: ${result.shortMessage}`);
  return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
}
