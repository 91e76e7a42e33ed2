// What was done to one file in its own padding, one fact a line.

import type { EntrySource } from "../../patch/in-place/in-place-plan.ts";
import { type ReportContext, showPath } from "../../report/context.ts";
import { whyCopied } from "../../report/installed-words.ts";
import { countOf, hex } from "../../report/words.ts";
import type { ChangedFile } from "./wrapped-text.ts";

const sources: { readonly [Source in EntrySource]: string } = {
  existing: "the entry that it had",
  spare: "a spare entry of the dynamic array",
  "relative-count": "the entry of a hint that nothing needs (DT_RELACOUNT)",
};

/** The lines about one file; `dryRun` turns "Wrote" into "Would write". */
export function describeInPlace(
  file: Extract<ChangedFile, { readonly kind: "in-place" }>,
  dryRun: boolean,
  context: ReportContext,
): readonly string[] {
  const { facts, rewrapped, replacedByCopy } = file;
  const path = showPath(file.path, context);
  const did = (past: string, future: string): string => (dryRun ? `Would ${future}` : past);
  const what = facts.interpreter === undefined ? "run path" : "interpreter and run path";
  return [
    `Patching in place: ${path}`,
    ...(rewrapped ? ["  Wrapped before, in another way: planned from its original bytes"] : []),
    `  ELF class: ${facts.elfClass}-bit`,
    `  Unused at the end of segment ${facts.segment}: ${countOf(facts.room, "byte")}`,
    ...(replacedByCopy ? [`  ${did("Replaced", "replace")} by a copy: ${whyCopied}`] : []),
    `  ${did("Wrote", "write")} ${what} there: ${countOf(facts.size, "byte")} at file offset ${hex(facts.offset)}`,
    ...(facts.entrySource === undefined ? [] : [`  ${did("Used", "use")} ${sources[facts.entrySource]}`]),
    `${did("Patched", "patch")} in place: ${path}`,
  ];
}
