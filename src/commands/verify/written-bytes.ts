// Whether a wrapped executable and its sidecar are, byte for byte, what this version of the tool writes. The saved bytes
// themselves cannot be checked: nothing else has them.

import { Buffer } from "node:buffer";
import type { ElfFile } from "../../elf/elf-file.ts";
import { type Architecture, entryStateOf } from "../../patch/architecture/architectures.ts";
import { type Blobs, blobsOf, loaderFileOffset, stubsFor } from "../../patch/blobs.ts";
import type { WrappedOriginal } from "../../patch/original.ts";
import { encodeSidecar } from "../../patch/sidecar/sidecar-codec.ts";
import {
  buildStub,
  PARAMETER_BESIDE,
  PARAMETER_SIDECAR_APART,
  type StubParameters,
  stubSizeLimit,
} from "../../patch/stub/encode-stub.ts";
import { type StubPlace, stubbedEntry } from "../../patch/stub/stubbed-entry.ts";

/** True when the loader is a file of its own, and not in the sidecar. */
export function hasSharedLoader({ stub }: WrappedOriginal): boolean {
  return (stub.flags & PARAMETER_SIDECAR_APART) !== 0;
}

/**
 * File offset of the first byte of the saved range that is not what this version writes there; undefined without one.
 * Throws ElfError where the original is damaged.
 */
export function firstOddByte(
  current: ElfFile,
  wrapped: WrappedOriginal,
  architecture: Architecture,
): number | undefined {
  const { entry } = wrapped;
  const written = writtenOver(wrapped, architecture);
  if (written === undefined) return entry.offset;
  const bytes = current.source.read(entry.offset, entry.bytes.length, "stub");
  const at = bytes.findIndex((byte, index) => byte !== written[index]);
  return at === -1 ? undefined : entry.offset + at;
}

/** What this version writes over the saved bytes; undefined where it would save others. */
function writtenOver(wrapped: WrappedOriginal, architecture: Architecture): Uint8Array | undefined {
  const blobs = blobsOf(architecture);
  const { elf, entry, stub } = wrapped;
  const state = entryStateOf(architecture, elf.header.entry);
  const isBeside = !hasSharedLoader(wrapped) && (stub.flags & PARAMETER_BESIDE) !== 0;
  const code = stubsFor(blobs, state)[isBeside ? "beside" : "absolute"];
  const parameters = parametersOf(wrapped, blobs);
  const place = placeIn(wrapped, architecture, stubSizeLimit(architecture, code, parameters));
  if (place === undefined) return undefined;
  const address = wrapped.sidecar.savedAddress + BigInt(place.stubOffset - place.savedOffset);
  const stubBytes = buildStub(architecture, code, parameters, address);
  return stubbedEntry(entry.bytes, stubBytes, state, place);
}

/**
 * Where in the saved range a stub of `size` bytes stands (placement.ts has the drawing), undefined where that has no
 * place for it. It is not asked whether the stub would be put there again: strip, which may have run since, takes away
 * what the choice was made by.
 */
function placeIn(
  { elf, entry, sidecar }: WrappedOriginal,
  architecture: Architecture,
  size: number,
): StubPlace | undefined {
  const savedOffset = entry.offset;
  const address = elf.header.entry & ~architecture.entryFlags;
  const entryOffset = savedOffset + Number(address - sidecar.savedAddress);
  const end = savedOffset + entry.bytes.length;
  const { jumpSize, encodeJump } = entryStateOf(architecture, elf.header.entry);
  const isBefore = entryOffset > savedOffset;
  const stubOffset = isBefore ? savedOffset : end - size;
  const isRoom = isBefore
    ? stubOffset + size <= entryOffset && entryOffset + jumpSize === end
    : entryOffset === savedOffset && (stubOffset === entryOffset || stubOffset >= entryOffset + jumpSize);
  const isReached = stubOffset === entryOffset || encodeJump(stubOffset - entryOffset) !== undefined;
  return isRoom && isReached ? { entryOffset, savedOffset, stubOffset } : undefined;
}

/** The parameters that belong to the sidecar, with the names that the stub has. */
function parametersOf(wrapped: WrappedOriginal, { loaderFile }: Blobs): StubParameters {
  const { stub, sidecar, sidecarBytes } = wrapped;
  const { path, flags } = stub;
  if (hasSharedLoader(wrapped)) {
    return { path, flags, mapSize: loaderFile.length, loaderOffset: loaderFileOffset, sidecar: stub.sidecar };
  }
  const loaderOffset = sidecar.loader.byteOffset - sidecarBytes.byteOffset;
  return { path, flags, mapSize: sidecarBytes.length, loaderOffset };
}

/** Whether a sidecar with this content and this version's loader has these bytes. */
export function isSidecarAsWritten(wrapped: WrappedOriginal, architecture: Architecture): boolean {
  const { sidecar, sidecarBytes } = wrapped;
  const loader = hasSharedLoader(wrapped) ? new Uint8Array(0) : blobsOf(architecture).loader;
  const encoded = encodeSidecar(architecture, { ...sidecar, loader, loaderAlign: architecture.loaderAlign });
  return "bytes" in encoded && Buffer.from(encoded.bytes).equals(sidecarBytes);
}
