// What forbids a program something: filters, limits, a root directory of its own. A launcher of ours applies it.

import { readFileSync } from "node:fs";
import { compile, type Source } from "../compiled/compile.ts";
import { repository } from "../repository.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import type { SandboxOptions } from "./sandbox.ts";
import { addFiles, packagePath, type Store } from "./store.ts";

const fixture = (name: string) => readFileSync(new URL(`test/fixtures/sandboxes/${name}`, repository), "utf8");

export interface Restriction {
  /** The launcher's words for it. */
  readonly words: readonly string[];
  /** What of it is up to the sandbox. */
  readonly sandbox?: (store: Store) => SandboxOptions;
}

/** The names in system-service.txt, once each. */
function systemServiceCalls(): readonly string[] {
  const lines = fixture("system-service.txt").split("\n");
  const words = lines.filter((line) => line.startsWith("  ")).flatMap((line) => line.trim().split(" "));
  return [...new Set(words)].filter((word) => !word.startsWith("@"));
}

/** Their numbers as far as the architecture has them, for a C array. */
function systemServiceNumbers(): string {
  return systemServiceCalls()
    .map((name) => `#ifdef __NR_${name}\n__NR_${name},\n#endif\n`)
    .join("");
}

export interface Launcher {
  /** In the store. */
  readonly launcher: string;
  readonly probe: string;
}

/** Puts launcher and probe into the store, both static. */
export async function addLauncher(store: Store, compiler = "gcc"): Promise<Launcher> {
  const directory = temporaryDirectory();
  const flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-static"];
  const build = (name: string, files: Source["files"]) => compile(`${directory}/${name}`, { files, compiler, flags });
  const files = [
    await build("launcher", { "launcher.c": fixture("launcher.c"), "system-service.h": systemServiceNumbers() }),
    await build("probe", { "probe.c": fixture("probe.c") }),
  ];
  const target = addFiles(store, `${packagePath("launcher")}/bin`, files);
  return { launcher: `${target}/launcher`, probe: `${target}/probe` };
}

/** The command that starts `command` under a restriction. */
export function restricted(
  { words }: Restriction,
  { launcher }: Launcher,
  command: readonly string[],
): readonly [string, ...string[]] {
  return [launcher, ...words, "--", ...command];
}
