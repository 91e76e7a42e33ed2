// A root directory in which programs may have privileges: bwrap's have none, whatever their mode says. A file system of
// its own, so that it does not matter how this machine's are mounted; in namespaces of its own, without network.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { temporaryDirectory } from "../temporary-directory.ts";
import { ownUsers } from "../vitest/capabilities.ts";
import { addLauncher, type Launcher } from "./restrictions.ts";
import type { Ran } from "./sandbox.ts";
import { hostPath, type Store } from "./store.ts";

/** What lies in the root directory, before its copy is made for a run. All of it is root's there. */
export interface PrivilegedRoot {
  readonly directory: string;
  readonly store: Store;
  readonly launcher: Launcher;
}

/** Neither root nor the owner of anything, and his group. */
export const attacker = 1234;
export const attackersHome = "/home/attacker";

export async function createPrivilegedRoot(): Promise<PrivilegedRoot> {
  const directory = temporaryDirectory();
  const store = { directory: join(directory, "nix/store") };
  mkdirSync(store.directory, { recursive: true });
  mkdirSync(join(directory, attackersHome), { recursive: true });
  return { directory, store, launcher: await addLauncher(store) };
}

export interface PrivilegedRun {
  /** What root does there before, in its root directory: commands of this machine for a shell. */
  readonly setup?: readonly string[];
  /** Who runs it; the attacker when absent. */
  readonly user?: number;
  /** Variables of the program, NAME=VALUE. */
  readonly environment?: readonly string[];
  /** Standard error has the calls that strace sees, too. */
  readonly isTraced?: boolean;
}

const script = (setup: readonly string[]) => `
mount -t tmpfs -o mode=755 none "$2"
cp -a "$1/." "$2"
cd "$2"
chmod 755 .
mkdir proc
mount -t proc none proc
chown -R ${attacker}:${attacker} .${attackersHome}
${setup.join("\n")}
shift 2
exec "$@"
`;

/** Runs a command in a copy of that root directory. */
export async function runAsUser(
  { directory, store, launcher }: PrivilegedRoot,
  command: readonly string[],
  { setup = [], user = attacker, environment = [], isTraced = false }: PrivilegedRun = {},
): Promise<Ran> {
  const words = ["chroot=.", `user=${user}`, ...environment.map((variable) => `environment=${variable}`)];
  const result = await execa(
    "unshare",
    [
      ...ownUsers(),
      ...["--mount", "--pid", "--fork", "--kill-child", "--net", "--ipc", "--uts"],
      ...["sh", "-euc", script(setup), "sh", directory, temporaryDirectory()],
      ...(isTraced ? ["strace", "-f"] : []),
      ...[hostPath(store, launcher.launcher).replace(directory, "."), ...words, "--", ...command],
    ],
    { reject: false, timeout: 30_000, stripFinalNewline: false, stdin: "ignore" },
  );
  if (result.exitCode === undefined) throw new Error(`${command.join(" ")}: ${result.shortMessage}`);
  return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
}
