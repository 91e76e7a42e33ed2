// What wrapping reads from and writes to each executable and its sidecar in a Nix build, as strace counts it. Elsewhere the
// file is copied besides, by a call that moves bytes or shares blocks within the kernel.

import { mkdirSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { execaSync } from "execa";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import type { Executable } from "../executables.ts";
import type { Bytes } from "../results.ts";
import { copyExecutables, wrapCommand } from "./wrapping.ts";

const reads = ["read", "pread64", "readv", "preadv"];
const writes = ["write", "pwrite64", "writev", "pwritev"];

/** CALL(DESCRIPTOR<PATH>, …) = BYTES */
const line = /^(\w+)\(\d+<(.*?)>.* = (\d+)$/;

export function measureBytes(executables: readonly Executable[]): readonly Bytes[] {
  const directory = realpathSync(copyExecutables(executables));
  const traces = join(temporaryDirectory(), "traces");
  mkdirSync(traces);
  // A file for each thread: in one for all, calls of two threads would interrupt each other's lines.
  const filter = `trace=${[...reads, ...writes].join()}`;
  execaSync("strace", ["-ff", "-y", "-qq", "-e", filter, "-o", join(traces, "trace"), ...wrapCommand(directory)], {
    env: { NIX_BUILD_TOP: directory, NIX_STORE: directory, IN_NIX_SHELL: "" },
  });
  const lines = readdirSync(traces).flatMap((name) => readFileSync(join(traces, name), "utf8").split("\n"));
  const calls = lines.flatMap((text) => {
    const [, call = "", path = "", bytes] = line.exec(text) ?? [];
    return bytes === undefined ? [] : [{ call, path: executableOf(path), bytes: Number(bytes) }];
  });
  return executables.map(({ name, size }, index) => {
    const own = calls.filter(({ path }) => path === join(directory, String(index), name));
    const sum = (names: readonly string[]): number =>
      own.filter(({ call }) => names.includes(call)).reduce((total, { bytes }) => total + bytes, 0);
    return { name, megabytes: size / 1e6, read: sum(reads), written: sum(writes) };
  });
}

/** Of a sidecar, which has a temporary name first, the executable. */
function executableOf(path: string): string {
  const [, name] = /^\.(.+)\.wrapbuddy/.exec(basename(path)) ?? [];
  return name === undefined ? path : join(dirname(path), name);
}
