// Names in an executable or its sidecar, and whether what they mean is still there.

import type { Interpreter } from "../../linker/interpreter/interpreter.ts";
import type { LibraryIndex } from "../../linker/search/library-index.ts";
import { meaningOf } from "../../linker/search/run-path.ts";
import type { Reference } from "./inspected-load-facts.ts";

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

/** A file named by its path. */
export function fileReference(text: string, reader: Reader): Reference {
  const path = pathOf(text, reader);
  return { text, path, isThere: path !== undefined && reader.index.open(path).kind !== "absent" };
}

function pathOf(text: string, { interpreter, origin }: Reader): string | undefined {
  if (interpreter !== undefined) return meaningOf(text, origin, { interpreter });
  return text.startsWith("/") ? text : undefined;
}
