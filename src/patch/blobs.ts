// The compiled stubs and loaders that come with this package, read when an executable first needs them.

import type { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Architecture, EntryState } from "./architecture/architectures.ts";

/** How a stub names its sidecar: by absolute path, or beside /proc/self/exe. */
export type Naming = "absolute" | "beside";

export type Stubs = { readonly [naming in Naming]: Uint8Array };

export interface Blobs {
  readonly stubs: Stubs;
  /** The same for an entry point in the architecture's flagged state, where it has one. */
  readonly flaggedStubs?: Stubs;
  /** loader.bin, whole: what a shared loader has to be. */
  readonly loaderFile: Buffer;
  /** What a sidecar carries of it: all from `loaderFileOffset` on. */
  readonly loader: Uint8Array;
  /** Where `loaderFile` was read from, for a message. */
  readonly loaderPath: string;
}

/** Where the code begins in loader.bin and in launcher.bin, bytes (native/Makefile). */
export const loaderFileOffset = 1024;

/** Two levels below the package's root, as this file is in src/ and the bundled command line in dist/. */
export const blobsDirectory = fileURLToPath(new URL("../../dist/blobs", import.meta.url));

const read = new Map<Architecture, Blobs>();

/** The blobs of an architecture. Throws the system's error when they are not there: the package is not built. */
export function blobsOf(architecture: Architecture): Blobs {
  const known = read.get(architecture);
  if (known !== undefined) return known;
  const folder = join(blobsDirectory, architecture.name);
  const loaderPath = `${folder}/loader.bin`;
  const loaderFile = readFileSync(loaderPath);
  const blobs: Blobs = {
    stubs: readStubs(folder, architecture),
    ...(architecture.flaggedState === undefined ? {} : { flaggedStubs: readStubs(folder, architecture.flaggedState) }),
    loaderFile,
    loader: loaderFile.subarray(loaderFileOffset),
    loaderPath,
  };
  read.set(architecture, blobs);
  return blobs;
}

/** The launcher of an architecture, without what stands before its code: that begins at `loaderFileOffset` too. */
export function launcherBlob(architecture: Architecture): Uint8Array {
  return readFileSync(join(blobsDirectory, architecture.name, "launcher.bin")).subarray(loaderFileOffset);
}

function readStubs(folder: string, { stubSuffix }: EntryState): Stubs {
  return {
    absolute: readFileSync(`${folder}/stub-absolute${stubSuffix}.bin`),
    beside: readFileSync(`${folder}/stub-beside${stubSuffix}.bin`),
  };
}

/** The stubs for an entry point in `state`, which is one of the architecture's. */
export function stubsFor(blobs: Blobs, state: EntryState): Stubs {
  return state.stubSuffix === "" ? blobs.stubs : (blobs.flaggedStubs ?? blobs.stubs);
}
