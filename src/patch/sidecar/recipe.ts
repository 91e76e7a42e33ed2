// How an executable's stub finds its sidecar and its loader: which stub, with which parameters.

import { Buffer } from "node:buffer";
import { baseName, directoryOf, isInside, joinPath } from "../../base/path.ts";
import { bytesOfText } from "../../base/text.ts";
import { type Architecture, entryStateOf } from "../architecture/architectures.ts";
import { type Blobs, blobsOf, loaderFileOffset, type Naming, stubsFor } from "../blobs.ts";
import type { ExecutableNames, WrapFacts } from "../file-plan.ts";
import type { PatchIssue } from "../patch-issue.ts";
import { PARAMETER_BESIDE, PARAMETER_SIDECAR_APART, type StubParameters } from "../stub/encode-stub.ts";
import { readIfThere } from "../write/write-file.ts";
import { longestTemporarySuffix, sidecarPathOf } from "./file-names.ts";
import type { EncodedSidecar } from "./sidecar-codec.ts";

/** What is asked for in a recipe. */
export interface RecipeRequest {
  /** The executable, absolute. */
  readonly path: string;
  /** As ExecutableNames has it. */
  readonly names: ExecutableNames["names"];
  /** Name the sidecar beside /proc/self/exe, in the store too. */
  readonly relocatable: boolean | "store";
  readonly storeDirectory: string;
  /** Where a shared loader lies; absent: the sidecar carries it. */
  readonly loaderDirectory?: string;
}

export interface Recipe {
  readonly naming: Naming;
  readonly sidecarPaths: readonly [string, ...string[]];
  /** The stub's code. */
  readonly code: Uint8Array;
  /** The loader's code for the sidecar, empty when it is a file of its own. */
  readonly carriedLoader: Uint8Array;
  readonly loader: WrapFacts["loader"];
  /** The stub's parameters for a sidecar; its size and the loader's place in it do not change their size. */
  readonly parametersFor: (sidecar: Pick<EncodedSidecar, "bytes" | "loaderOffset">) => StubParameters;
}

/** Longest name of a directory entry, bytes. Source: Linux include/uapi/linux/limits.h NAME_MAX. */
const nameLimit = 255;
/**
 * Longest path, bytes without its NUL: no system call takes a longer one, and the stub's and the loader's buffers have
 * room for just that. Source: Linux include/uapi/linux/limits.h PATH_MAX.
 */
const pathLimit = 4095;

/**
 * Reads the architecture's blobs, and the shared loader when there is to be one. `entry`: the executable's e_entry;
 * `passingName`: the sidecar's name where it is not that of the executable's own.
 */
export function recipeFor(
  request: RecipeRequest,
  architecture: Architecture,
  entry: bigint,
  passingName?: string,
): Recipe | { readonly issue: PatchIssue } {
  const { path } = request;
  const sidecarPath = passingName === undefined ? sidecarPathOf(path) : joinPath(directoryOf(path), passingName);
  const sidecarName = bytesOfText(baseName(sidecarPath));
  const longest = [
    { size: sidecarName.length + longestTemporarySuffix, limit: nameLimit },
    { size: bytesOfText(sidecarPath).length + longestTemporarySuffix, limit: pathLimit },
  ].find(({ size, limit }) => size > limit);
  if (longest !== undefined) return { issue: { kind: "sidecar-name-too-long", path, ...longest } };
  const blobs = blobsOf(architecture);
  const stubs = stubsFor(blobs, entryStateOf(architecture, entry));
  const isInStore = isInside(path, request.storeDirectory);
  const isAbsolute = !request.relocatable && isInStore;
  const naming: Naming = isAbsolute ? "absolute" : "beside";
  const sidecar = isAbsolute ? bytesOfText(sidecarPath) : Buffer.concat([Buffer.from("/"), sidecarName]);
  const flags = isAbsolute ? 0 : PARAMETER_BESIDE;
  const sidecarPaths = [sidecarPath, ...(isAbsolute ? [] : otherSidecars(request, baseName(sidecarPath)))] as const;
  if (request.loaderDirectory === undefined) {
    return {
      naming,
      sidecarPaths,
      code: stubs[naming],
      carriedLoader: blobs.loader,
      loader: { kind: "in-sidecar" },
      parametersFor: ({ bytes, loaderOffset }) => ({ path: sidecar, flags, mapSize: bytes.length, loaderOffset }),
    };
  }
  if (request.relocatable === "store" && isInStore) {
    return { issue: { kind: "shared-loader-stays", path, loaderDirectory: request.loaderDirectory } };
  }
  const shared = findSharedLoader(path, request.loaderDirectory, architecture, blobs);
  if (typeof shared !== "string") return { issue: shared };
  return {
    naming,
    sidecarPaths,
    code: stubs.absolute,
    carriedLoader: new Uint8Array(0),
    loader: { kind: "shared", path: shared },
    parametersFor: () => ({
      path: bytesOfText(shared),
      flags: flags | PARAMETER_SIDECAR_APART,
      mapSize: blobs.loaderFile.length,
      loaderOffset: loaderFileOffset,
      sidecar,
    }),
  };
}

/** The same sidecar in the other directories where the file has a name and looks beside /proc/self/exe. */
function otherSidecars({ path, names }: RecipeRequest, name: string): readonly string[] {
  const directories = new Set(names.map(directoryOf));
  directories.delete(directoryOf(path));
  return [...directories].map((directory) => joinPath(directory, name));
}

/** The path of this version's loader for the architecture: loader.bin, or loader-ARCHITECTURE.bin beside another's. */
function findSharedLoader(
  path: string,
  directory: string,
  architecture: Architecture,
  { loaderFile, loaderPath: blob }: Blobs,
): string | PatchIssue {
  const candidates = ["loader.bin", `loader-${architecture.name}.bin`].map((name) => joinPath(directory, name));
  let differing: string | undefined;
  for (const candidate of candidates) {
    const bytes = readIfThere(candidate);
    if (bytes === undefined) continue;
    if (loaderFile.equals(bytes)) return candidate;
    differing ??= candidate;
  }
  return differing === undefined
    ? { kind: "loader-missing", path, loaderPath: candidates[0] ?? directory, blob }
    : { kind: "loader-differs", path, loaderPath: differing, blob };
}
