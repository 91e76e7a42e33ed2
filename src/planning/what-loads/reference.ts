// Names in an executable or its sidecar, and whether what they mean is still there.

import { normalise } from "../../base/path.ts";
import type { Interpreter } from "../../linker/interpreter/interpreter.ts";
import type { LibraryIndex } from "../../linker/search/library-index.ts";
import { meaningOf } from "../../linker/search/run-path.ts";
import type { Reference } from "./inspected-load-facts.ts";

/** The loader knows no other token, and reads it in the dynamic linker's name only. */
const originToken = "$ORIGIN";

/** What a name is read against. */
export interface Reader {
  readonly index: LibraryIndex;
  /** What `$ORIGIN` means. */
  readonly origin: string;
  /** Undefined where it cannot be loaded: only absolute names can be followed then. */
  readonly interpreter: Interpreter | undefined;
}

/** The entries of a run path, in order; none for an empty one. */
export function readRunPath(text: string, reader: Reader): readonly Reference[] {
  return text === "" ? [] : text.split(":").map((entry) => directoryReference(entry, reader));
}

function directoryReference(text: string, reader: Reader): Reference {
  const path = pathOf(text, reader);
  return { text, path, isThere: path !== undefined && reader.index.isDirectory(path) };
}

/** A needed entry that wrapping added: a path, or a name that the dynamic linker searches and that leads nowhere here. */
export function readNeeded(text: string, reader: Reader): Reference {
  return text.includes("/") ? fileReference(text, reader) : { text, path: undefined, isThere: false };
}

/** The path of the dynamic linker that a sidecar names, for an executable in `origin`. */
export function linkerPath(text: string, origin: string): string {
  return text.startsWith(`${originToken}/`) ? normalise(origin + text.slice(originToken.length)) : text;
}

/** The dynamic linker that a sidecar names. It need not be one that can be loaded. */
export function linkerReference(text: string, { index, origin }: Reader): Reference {
  const path = linkerPath(text, origin);
  return { text, path, isThere: index.open(path).kind !== "absent" };
}

/** A file named by its path. */
export function fileReference(text: string, reader: Reader): Reference {
  const path = pathOf(text, reader);
  return { text, path, isThere: path !== undefined && reader.index.open(path).kind !== "absent" };
}

function pathOf(text: string, { interpreter, origin }: Reader): string | undefined {
  if (interpreter !== undefined) return meaningOf(text, origin, { interpreter });
  return text.startsWith("/") ? text : undefined;
}
