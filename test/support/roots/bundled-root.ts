// Bundles are made with this machine's files and a store beside them, and started in roots that have neither.

import { join } from "node:path";
import { temporaryDirectory } from "../temporary-directory.ts";
import { bwrap, type Ran, runBesideStore, type SandboxOptions, wrapBuddy } from "./sandbox.ts";
import { createStore, type Store } from "./store.ts";

export { runBesideStore };

/** Makes a bundle in a new directory, and returns where it lies. */
export async function makeBundle(args: readonly string[], store: Store = createStore()): Promise<string> {
  const output = join(temporaryDirectory(), "bundle");
  const ran = await wrapBuddy(store, ["bundle", ...args, "--output", output], { seconds: 120 });
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  return output;
}

export interface RootOptions extends Pick<SandboxOptions, "environment" | "input" | "binds" | "bwrap"> {
  /** Where the bundle is seen. */
  readonly at?: string;
  /** A root with another C library: musl's, and the files of /etc that every system has. */
  readonly isMusl?: boolean;
}

/** Files of a root like Alpine's, made of Debian's packages: musl's dynamic linker, busybox, and who the users are. */
function muslRoot(): readonly string[] {
  const linker = "/lib/ld-musl-x86_64.so.1";
  return [
    ...["--ro-bind", "/usr/lib/x86_64-linux-musl/libc.so", linker],
    ...["--symlink", "ld-musl-x86_64.so.1", "/lib/libc.musl-x86_64.so.1"],
    ...["--ro-bind", "/bin/busybox", "/bin/sh"],
    ...["--ro-bind", "/etc/passwd", "/etc/passwd", "--ro-bind", "/etc/group", "/etc/group"],
  ];
}

/**
 * Runs a program of a bundle in a root with /proc, /dev and /tmp and nothing else, read-only, as a user without rights and
 * without the right to user namespaces of his own.
 */
export function runBundled(
  bundle: string,
  command: readonly [string, ...string[]],
  { at = "/bundle", isMusl = false, environment = {}, binds = [], bwrap: more = [], input }: RootOptions = {},
): Promise<Ran> {
  const [program, ...args] = command;
  const variables = { PATH: `${at}/bin`, HOME: "/tmp", ...environment };
  return bwrap(
    [
      ...["--unshare-user", "--uid", "65534", "--gid", "65534", "--disable-userns"],
      ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
      ...(isMusl ? muslRoot() : []),
      ...["--ro-bind", bundle, at, "--chdir", "/tmp", "--clearenv"],
      ...binds.flatMap(([from, to]) => ["--ro-bind", from, to]),
      ...Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value]),
      ...more,
    ],
    [program.startsWith("/") ? program : `${at}/bin/${program}`, ...args],
    { seconds: 60, ...(input === undefined ? {} : { input }) },
  );
}
