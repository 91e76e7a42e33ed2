// What to type after a dry run.

import { escapeControls } from "../../report/context.ts";
import { shellLine } from "../../report/shell-words.ts";

/** The command line with these words, without --dry-run, to paste. */
export function withoutDryRun(words: readonly string[]): string {
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const kept = words.filter((word, at) => at > end || word !== "--dry-run");
  return escapeControls(shellLine(["wrap-buddy", ...kept]));
}
