// The words that packages give to wrapBuddy and addWrapBuddySearchPath.

import type { HookCommand, HookIssue } from "./hook-message.ts";

export interface CommandArguments {
  readonly paths: readonly string[];
  readonly recurse: boolean;
  readonly issues: readonly HookIssue[];
}

/** `[--no-recurse] [--] PATH…`: options come first. */
export function parseArguments(command: HookCommand, words: readonly string[]): CommandArguments {
  const issues: HookIssue[] = [];
  let recurse = true;
  let at = 0;
  for (; words[at]?.startsWith("--") === true; at++) {
    const word = words[at] ?? "";
    if (word === "--") {
      at++;
      break;
    }
    if (word === "--no-recurse") recurse = false;
    else issues.push({ kind: "unknown-argument", command, argument: word });
  }
  const paths = words.slice(at);
  if (paths.length === 0) issues.push({ kind: "no-arguments", command });
  return { paths, recurse, issues };
}
