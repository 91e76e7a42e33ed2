// What is kept of an executable's own run path.

import { isInside } from "../../base/path.ts";
import type { ObjectFacts } from "../load/object-facts.ts";
import type { ResolveContext } from "../solve/resolve-context.ts";
import { isOfThisMachine } from "./of-this-machine.ts";
import { meaningOf, movableText, type RunPathEntry } from "./run-path.ts";
import { hasTokens } from "./tokens.ts";

/** The entries of an executable's own run path that stay, in order. */
export interface OwnEntries {
  /** Those that are searched before everything else. */
  readonly kept: readonly RunPathEntry[];
  /** Those that may be on this machine alone: searched after everything that is given. */
  readonly ofMachine: readonly RunPathEntry[];
}

/**
 * The executable's own entries that stay: those with a dynamic string token and those below /run (NixOS puts its drivers
 * there) as they are, and every other absolute directory that exists. An entry relative to the working directory is
 * dropped.
 */
export function ownEntries(facts: ObjectFacts, origin: string, context: ResolveContext): OwnEntries {
  const kept: RunPathEntry[] = [];
  const ofMachine: RunPathEntry[] = [];
  const text = context.ignoreExistingRunPath ? "" : (facts.runpath ?? facts.rpath ?? "");
  for (const entry of text.split(":")) {
    const directory = meaningOf(entry, origin, context);
    if (directory === undefined) continue;
    const one = { text: movableText(entry, origin, context), directory };
    if (hasTokens(entry) || isInside(directory, "/run")) kept.push(one);
    else if (context.index.isDirectory(directory)) {
      (isOfThisMachine(directory, context) ? ofMachine : kept).push(one);
    }
  }
  return { kept, ofMachine };
}
