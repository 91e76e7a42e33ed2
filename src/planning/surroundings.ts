// What the executables of a run share, and what the dynamic linker on paper is told of each.

import { isInside } from "../base/path.ts";
import type { ElfFile } from "../elf/elf-file.ts";
import { embeddedLibraries } from "../files/embedded-libraries.ts";
import type { Interpreter } from "../linker/interpreter/interpreter.ts";
import type { LibraryIndex } from "../linker/search/library-index.ts";
import type { ResolveContext, resolve } from "../linker/solve/resolve.ts";
import type { PackageOf } from "../linker/solve/resolve-context.ts";
import type { Interpreters } from "./interpreters.ts";
import type { WrapRequest } from "./wrap-request.ts";

/** What all executables of a run share. */
export interface Surroundings {
  readonly request: WrapRequest;
  readonly interpreters: Interpreters;
  readonly index: LibraryIndex;
  /** For the executables of this run. */
  readonly resolve: typeof resolve;
  /** The directories being wrapped, and the directories of files named by themselves; without symlinks. */
  readonly trees: readonly string[];
  /** As a PlanRequest has them: names that two executables of one run must not share. */
  readonly passingPaths: Set<string>;
  /** Sidecars in the trees that are named after no file. */
  readonly orphanSidecars: readonly string[];
  /** Shared libraries in the trees, in the order found. */
  readonly bundledLibraries: readonly string[];
  readonly packageOf: PackageOf;
  /** What the request's `searchesNames` comes to. */
  readonly searchesNames: boolean;
}

/** What the resolver is told about the executable at `path`, with the libraries inside it. */
export function executableContext(
  elf: ElfFile,
  path: string,
  interpreter: Interpreter,
  surroundings: Surroundings,
): ResolveContext {
  const context = resolveContext(path, interpreter, surroundings);
  const { searchesPayloads, libraries } = surroundings.request;
  const embedded = searchesPayloads && libraries !== "leave" ? embeddedLibraries(path, elf) : [];
  return embedded.length === 0 ? context : { ...context, embeddedLibraries: embedded };
}

/** Made once for all files with the same linker: it has thirty fields. */
const contextsOf = new WeakMap<Surroundings, Map<string, ResolveContext>>();

/** What the resolver is told about the file at `path`. */
export function resolveContext(path: string, interpreter: Interpreter, surroundings: Surroundings): ResolveContext {
  const { request, index, trees, bundledLibraries, packageOf } = surroundings;
  const pin = shouldPin(path, interpreter, request);
  const contexts = contextsOf.get(surroundings) ?? new Map<string, ResolveContext>();
  contextsOf.set(surroundings, contexts);
  const key = `${interpreter.path}\0${pin}`;
  const known = contexts.get(key) ?? { ...request, index, interpreter, trees, bundledLibraries, packageOf, pin };
  contexts.set(key, known);
  return known;
}

/** musl does not know a library again by its soname: it would load a pinned one twice. */
function shouldPin(path: string, interpreter: Interpreter, request: WrapRequest): boolean {
  if (interpreter.cLibrary !== "glibc" || request.pin === "never") return false;
  return request.pin === "always" || isInside(path, request.storeDirectory);
}
