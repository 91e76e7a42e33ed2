// What the libraries inside an executable will want when it has written them out and opens them. They are plug-ins of
// that executable, and of no other.

import type { ResolveContext } from "../solve/resolve-context.ts";
import { needsOf, type PlugInNeed } from "./plug-ins.ts";

/**
 * What the libraries inside the executable at `path` need and do not find by themselves, alike needs once. Where each is
 * written is not known: its own `$ORIGIN` leads nowhere. What another of them is named like is left out.
 */
export function embeddedNeeds(path: string, context: ResolveContext): readonly PlugInNeed[] {
  const libraries = context.embeddedLibraries ?? [];
  const sonames = new Set(libraries.map(({ facts }) => facts.soname));
  const needs = new Map<string, PlugInNeed>();
  for (const { offset, header, facts } of libraries) {
    const name = `${path} (${facts.soname ?? "a library"} at 0x${offset.toString(16)} in it)`;
    for (const need of needsOf({ path: name, origin: name, header, facts }, context)) {
      const key = [need.name, need.directory ?? need.by, need.ignoresRpath].join("\0");
      if (!sonames.has(need.name) && !needs.has(key)) needs.set(key, need);
    }
  }
  return [...needs.values()];
}
