// Paths in a sentence, of which a thousand could stand there.

import { type ReportContext, showPath } from "../context.ts";
import { listOf } from "../words.ts";

/** One of them is enough to know which package it is. */
const most = 4;

/** "./a, ./b, ./c and 6 others"; all of them where the reader asked for all. */
export function listSome(paths: readonly string[], context: ReportContext): string {
  const shown = context.namesAll || paths.length <= most ? paths : paths.slice(0, most - 1);
  const names = shown.map((path) => showPath(path, context));
  return listOf(shown.length === paths.length ? names : [...names, `${paths.length - shown.length} others`]);
}
