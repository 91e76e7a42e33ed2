// One program wrapped without pins and then with them, and asked the same questions both times, with the real dynamic
// linker.

import { expect } from "vitest";
import type { Bundle } from "../../../support/compiled/bundle.ts";
import { failsToStart } from "../../../support/compiled/program.ts";
import type { Ran } from "../../../support/roots/sandbox.ts";

/** A program that lists the objects of its process in the order of the link map. */
export const listsObjects = `
#define _GNU_SOURCE
#include <link.h>
#include <stdio.h>
static int show(struct dl_phdr_info *info, size_t size, void *data) { return puts(info->dlpi_name) < 0; }
int main(void) { return dl_iterate_phdr(show, 0); }`;

/** A program that prints what `answer` returns. */
export const printsAnswer =
  '#include <stdio.h>\nint answer(void);\nint main(void) { printf("%d\\n", answer()); return 0; }';

export const answers = (value: number): string => `int answer(void) { return ${value}; }`;

export const printed = (text: string): Ran => ({ stdout: `${text}\n`, stderr: "", exitCode: 0 });

export interface BothWays<Answer> {
  /** The needed entries that --pin puts in front. */
  readonly pins: readonly string[];
  readonly unpinned: Answer;
  readonly pinned: Answer;
}

/**
 * Wraps the bundle with `wrapping` and --no-pin, asks, wraps it again with --pin, asks again. Fails where `tool`, its
 * one executable, starts before it is wrapped, and where nothing is pinned.
 */
export async function bothWays<Answer>(
  bundle: Bundle,
  tool: string,
  ask: () => Promise<Answer>,
  wrapping: readonly string[] = [],
): Promise<BothWays<Answer>> {
  expect(failsToStart(await bundle.start(tool))).toBe(true);
  expect(await wrapWith(bundle, [...wrapping, "--no-pin"])).toEqual([]);
  const unpinned = await ask();
  const pins = await wrapWith(bundle, [...wrapping, "--pin"]);
  expect(pins.some((pin) => pin.includes("/"))).toBe(true);
  return { pins, unpinned, pinned: await ask() };
}

/** Wraps the bundle's one executable; the needed entries that are put in front. */
export async function wrapWith(bundle: Bundle, args: readonly string[]): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await bundle.wrap(["--json", ...args]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  const { files } = JSON.parse(stdout);
  return files.find(({ kind }: { readonly kind: string }) => kind === "wrapped").facts.neededFirst;
}
