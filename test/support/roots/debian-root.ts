// A root directory of Debian's packages, as debian-packages.sh unpacks them, as the root directory that programs see: there a
// program is as Debian installs it, whatever this machine is.

import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repository } from "../repository.ts";
import { bwrap, type Ran } from "./sandbox.ts";

const dist = fileURLToPath(new URL("dist", repository));

/** What stands in a directory of the root, as it stands there. */
function entriesOf(root: string, directory: string): readonly string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    const isLink = entry.isSymbolicLink();
    return isLink ? ["--symlink", readlinkSync(join(root, path)), path] : ["--ro-bind", join(root, path), path];
  });
}

/** With what no package brings: those of /etc one by one, so that more can be put there. */
function rootOf(root: string): readonly string[] {
  const links = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
  return [
    ...["--ro-bind", join(root, "usr"), "/usr", ...entriesOf(root, "/etc")],
    ...links.flatMap(({ name }) => ["--symlink", readlinkSync(join(root, name)), `/${name}`]),
    ...["--ro-bind", "/etc/passwd", "/etc/passwd", "--ro-bind", "/etc/group", "/etc/group"],
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
  ];
}

export interface DebianRun {
  /** A directory of this machine that is /output there. */
  readonly output?: string;
  readonly seconds?: number;
}

/** Runs a command in that root, in /tmp, as an ordinary user, with the node that runs this as /tool/node. */
function runIn(root: string, command: readonly string[], { output, seconds = 60 }: DebianRun): Promise<Ran> {
  return bwrap(
    [
      ...["--unshare-user", "--uid", "65534", "--gid", "65534"],
      ...rootOf(root),
      ...(output === undefined ? [] : ["--bind", output, "/output"]),
      ...["--ro-bind", process.execPath, "/tool/node", "--ro-bind", dist, "/tool/dist"],
      ...["--chdir", "/tmp", "--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/tmp"],
      ...["--setenv", "LC_ALL", "C"],
    ],
    command,
    { seconds },
  );
}

/** Runs a line of sh with Debian's programs. */
export function runInDebian(root: string, script: string, options: DebianRun = {}): Promise<Ran> {
  return runIn(root, ["/bin/sh", "-ec", script], options);
}

/** Runs the built command line there. */
export function wrapBuddyInDebian(root: string, args: readonly string[], options: DebianRun): Promise<Ran> {
  return runIn(root, ["/tool/node", "/tool/dist/cli/main.js", ...args], options);
}
