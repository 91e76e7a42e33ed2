// Which paths of the Nix store a wrapped file refers to, and so has to be kept from the garbage collector.

import { textOfBytes } from "../../base/text.ts";
import type { WrapFacts } from "../../patch/file-plan.ts";
import type { InPlaceFacts } from "../../patch/in-place/in-place-plan.ts";
import type { FoundInPlace } from "../../patch/in-place/read-in-place.ts";
import type { WrappedOriginal } from "../../patch/original.ts";

/** What a file names: dynamic linker, run path, pinned and added libraries, a shared loader. */
export function referencesOf(facts: WrapFacts | InPlaceFacts): readonly string[] {
  const { interpreter, runPath } = facts;
  const own = [...(interpreter === undefined ? [] : [interpreter]), ...runPath];
  if (!("loader" in facts)) return own;
  const loader = facts.loader.kind === "shared" ? [facts.loader.path] : [];
  return [...own, ...facts.neededFirst, ...facts.neededLast, ...loader];
}

/** The same, of a file as it is found. `runPath`: as it stands in the file. */
export function referencesIn(original: WrappedOriginal | FoundInPlace, runPath: string): readonly string[] {
  if (original.kind === "in-place") {
    const { interpreter } = original.record;
    return [...(interpreter === undefined ? [] : [textOfBytes(interpreter.text)]), ...runPath.split(":")];
  }
  const { sidecar, stub } = original;
  const names = [
    sidecar.interpreter,
    ...sidecar.firstNeeded,
    ...sidecar.needed,
    ...(stub === undefined ? [] : [stub.path]),
  ];
  return [...names.map(textOfBytes), ...textOfBytes(sidecar.runPath).split(":")];
}

/**
 * A name in the store: 32 characters of Nix's base 32, which has no e, o, t and u, a dash, and the rest.
 * Source: Nix manual, "Store path".
 */
const storeName = /^[0-9a-df-np-sv-z]{32}-[^/]+/;

/** The store paths among `references`, or that they lie in; each once, sorted. */
export function storePathsOf(references: readonly string[], storeDirectory: string): readonly string[] {
  const prefix = `${storeDirectory}/`;
  const found = references.flatMap((path): readonly string[] => {
    const name = path.startsWith(prefix) ? storeName.exec(path.slice(prefix.length)) : null;
    return name === null ? [] : [prefix + name[0]];
  });
  return [...new Set(found)].sort();
}
