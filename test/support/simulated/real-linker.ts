// What the machine's own dynamic linkers make of a program: run in namespaces of their own, without network,
// without /etc (so without ld.so.cache) and with a time limit.

import { spawnSync } from "node:child_process";
import { neededEmulator } from "../compiled/emulator.ts";

/** One line of the linker's report: the name that was first asked for, and where it was found. */
export interface TracedObject {
  readonly name: string;
  /** Undefined for "not found". */
  readonly path: string | undefined;
}

export interface Traced {
  readonly objects: readonly TracedObject[];
  readonly status: number | null;
  readonly output: string;
}

const seconds = 20;

function inNamespaces(
  words: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
  limit = seconds,
) {
  const qemu = neededEmulator(words[0]);
  const command = qemu === undefined ? words : [qemu, ...words];
  const variables = Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]);
  return spawnSync(
    "bwrap",
    [
      ...["--unshare-all", "--die-with-parent", "--clearenv", ...variables],
      ...["--ro-bind", "/", "/", "--tmpfs", "/etc", "--dev", "/dev", "--proc", "/proc", "--chdir", "/"],
      ...["--", ...command],
    ],
    { encoding: "utf8", timeout: limit * 1000, maxBuffer: 64 * 1024 * 1024 },
  );
}

/** Starts the program in earnest. */
export function runProgram(path: string, environment: Readonly<Record<string, string>> = {}) {
  const { status, stderr, stdout } = inNamespaces([path], environment);
  return { status, stderr, stdout };
}

/** The load order of the program as the kernel and the interpreter that it names carry it out; the vDSO left out. */
export function traceProgram(path: string): Traced {
  return traced(inNamespaces([path], { LD_TRACE_LOADED_OBJECTS: "1" }));
}

/**
 * The load order of many programs as the linker at `linker` lists it without ld.so.cache, in the order of `paths`: one
 * start of the namespaces for all.
 */
export function traceManyWith(linker: string, paths: readonly string[]): readonly Traced[] {
  const script = 'for path; do "$0" --inhibit-cache --list "$path" 2>&1; printf "\\036%s\\035" $?; done';
  const { stdout } = inNamespaces(["/bin/sh", "-c", script, linker, ...paths], {}, 300);
  return stdout
    .split("\x1d")
    .slice(0, -1)
    .map((report) => {
      const [output = "", status] = report.split("\x1e");
      return traced({ stdout: output, stderr: "", status: Number(status) });
    });
}

/** The same for the linker at `linker` with `--list`: glibc's since 2.35, or musl's. */
export function traceWith(linker: string, path: string): Traced {
  return traced(inNamespaces([linker, "--list", path], {}));
}

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The paths that a linker's report has, in its order: undefined for what it did not find. */
export function tracedPaths(report: string): readonly (string | undefined)[] {
  return tracedObjects(report).map(({ path }) => path);
}

function tracedObjects(report: string): TracedObject[] {
  return report.split("\n").flatMap((line): TracedObject[] => {
    const match = /^\t(.+?)(?: => (not found|.+?))?(?: \(0x[0-9a-f]+\))?$/.exec(line);
    const name = match?.[1];
    if (name === undefined || /^linux-(?:vdso|gate)/.test(name)) return [];
    const path = match?.[2] ?? name;
    return [{ name, path: path === "not found" ? undefined : path }];
  });
}

function traced({ status, stdout, stderr }: Finished): Traced {
  const objects = tracedObjects(stdout);
  // musl tells of missing libraries on the other stream, so where they come among the others is lost.
  for (const [, name] of stderr.matchAll(/^Error loading shared library (.+?): /gm)) {
    if (name !== undefined) objects.push({ name, path: undefined });
  }
  return { objects, status, output: stdout + stderr };
}
