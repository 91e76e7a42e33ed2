// One program wrapped: it fails before, and what it does then is what it does on this machine as it came.

import { expect } from "vitest";
import { failsToStart } from "../../support/compiled/program.ts";
import type { CorpusEntry } from "../../support/foreign/corpus.ts";
import { type Ran, wrapBuddy } from "../../support/roots/sandbox.ts";
import { type Done, type Installed, install, sizeOf, tryFirst, work } from "./at-work.ts";

interface WrappedWork {
  readonly installed: Installed;
  /** By the original on this machine. */
  readonly expected: Done;
  /** By the wrapped program, in a root that holds only the store. */
  readonly ran: Done;
  /** Of the program, as it came. */
  readonly megabytes: number;
}

/** The work of both; what is seen on the way is checked, the two are the caller's to compare. */
export async function workWrapped(entry: CorpusEntry): Promise<WrappedWork> {
  const installed = await install(entry);
  const megabytes = Math.round(sizeOf(installed) / 1e5) / 10;
  const before = await tryFirst(installed);
  expect(entry.architecture === undefined ? failsToStart(before) : before.exitCode !== 0, before.stderr).toBe(true);
  const expected = await work(installed, "machine");
  expect(
    expected.steps.map(({ exitCode }) => exitCode),
    expected.stderr,
  ).toEqual(entry.work.map(({ exitCode = 0 }) => exitCode));
  expect(tellsSomething(expected)).toBe(true);
  expect(Object.values(expected.made)).not.toContain("absent");

  const wrapped = await wrap(installed);
  expect(wrapped).toMatchObject({
    exitCode: 0,
    stderr: entry.mayMiss === undefined ? "" : expect.stringContaining(entry.mayMiss),
  });
  return { installed, expected, ran: await work(installed, "store"), megabytes };
}

/** What is compared: standard error has times and colours of its own. */
export const factsOf = ({ steps, made }: Done) => ({ steps, made });

/** Equal only to what has done something: it has printed, made a file, or ended in a way of its own. */
const tellsSomething = ({ steps, made }: Done): boolean =>
  steps.some(({ stdout, exitCode }) => stdout !== "" || exitCode !== 0) || Object.keys(made).length > 0;

/** Wraps the package as a packager would, with further options. */
export function wrap(
  { store, glibc, libraries, directory, entry }: Installed,
  ...options: readonly string[]
): Promise<Ran> {
  const searched = libraries.flatMap((path) => ["--libs", path]);
  const own = (entry.options ?? []).map((word) => word.replace("LIBRARIES", libraries.at(-1) ?? ""));
  const words = [directory, "--interpreter", glibc.interpreter, ...searched, ...own, ...options];
  return wrapBuddy(store, words, { seconds: 120 });
}
