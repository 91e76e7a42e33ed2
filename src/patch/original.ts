// What a wrapped executable was before: its bytes with the saved ones and PT_INTERP back in place. Reads only.
//
// A stub is known by the name of its sidecar, which stands in it: that finds the sidecar of a renamed executable too,
// and a stub of another version of this tool.

import { Buffer } from "node:buffer";
import { existsSync, readFileSync, statSync } from "node:fs";
import { encodeU32 } from "../elf/codec.ts";
import { PT_INTERP, PT_LOAD, PT_NULL } from "../elf/constants.ts";
import { parseElf } from "../elf/file.ts";
import type { ByteSource, ElfFile } from "../elf/model.ts";
import { baseName, directoryOf, joinPath, systemPath } from "../libraries/path.ts";
import { errorCode } from "../system-error.ts";
import { textOfBytes } from "../text.ts";
import type { PatchIssue } from "./model.ts";
import { decodeSidecar, type Sidecar } from "./sidecar.ts";

export const sidecarSuffix = ".wrapbuddy";

/** A stretch of the file as the original had it. */
export interface OriginalRange {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export type Original =
  /** No stub of ours: the file is the original. */
  | { readonly kind: "unwrapped" }
  | {
      readonly kind: "wrapped";
      readonly sidecarPath: string;
      readonly sidecar: Sidecar;
      /** The sidecar's bytes as they are. */
      readonly sidecarBytes: Uint8Array;
      readonly entry: OriginalRange;
      /** p_type of the interpreter's program header, and whether it is cleared now (it is not in a stopped run). */
      readonly interpreterHeader: OriginalRange;
      readonly isCleared: boolean;
      /** The original, to be read like any file. */
      readonly elf: ElfFile;
    }
  /** A stub whose sidecar cannot be used. */
  | { readonly kind: "damaged"; readonly issue: PatchIssue };

/** How far from the entry point a stub can be told: its size with the longest path, bytes. */
const searchDistance = 5120;
/** What every stub says when it fails, and how far behind its first byte that stands at most. */
const stubMessage = "cannot load ";
const stubCodeLimit = 512;
const sidecarLimit = 1 << 20;

/**
 * Finds out whether `elf`, the file at `path`, has been wrapped, and what it was before. Throws ElfError for a damaged
 * file; what is wrong with the sidecar is in the result.
 */
export function readOriginal(elf: ElfFile, path: string): Original {
  const named = findSidecarName(elf, path);
  if (named === undefined) return { kind: "unwrapped" };
  const name = textOfBytes(named);
  const sidecarPath =
    name.startsWith("/") && name.includes("/", 1) ? name : joinPath(directoryOf(path), name.replace(/^\//, ""));
  const damaged = (problem: string): Original => ({
    kind: "damaged",
    issue: { kind: "sidecar-damaged", path, sidecarPath, problem },
  });

  const read = readSidecarFile(sidecarPath);
  if (typeof read === "string") return damaged(read);
  const sidecar = decodeSidecar(elf.header, read.bytes);
  if (typeof sidecar === "string") return damaged(sidecar);
  if (sidecar.entry !== elf.header.entry) return damaged("it belongs to another executable");
  const segment = elf.programHeaders.find(
    (header) =>
      header.type === PT_LOAD &&
      sidecar.savedAddress >= header.virtualAddress &&
      sidecar.savedAddress < header.virtualAddress + BigInt(header.fileSize),
  );
  const header = elf.programHeaders.find(
    ({ type, offset, fileSize }) =>
      (type === PT_NULL || type === PT_INTERP) &&
      BigInt(offset) === sidecar.interpreterOffset &&
      BigInt(fileSize) === sidecar.interpreterFileSize,
  );
  if (segment === undefined || header === undefined) return damaged("it belongs to another executable");
  const entry = {
    offset: segment.offset + Number(sidecar.savedAddress - segment.virtualAddress),
    bytes: sidecar.saved,
  };
  if (entry.offset + entry.bytes.length > elf.source.size) return damaged("it belongs to another executable");
  const interpreterHeader = {
    offset: header.headerOffset,
    bytes: encodeU32(elf.header, PT_INTERP),
  };
  return {
    kind: "wrapped",
    sidecarPath: read.path,
    sidecar,
    sidecarBytes: read.bytes,
    entry,
    interpreterHeader,
    isCleared: header.type === PT_NULL,
    elf: parseElf(overlay(elf.source, [entry, interpreterHeader])),
  };
}

/** The sidecar's name or path as it stands in a stub at or near the entry point; undefined without a stub. */
function findSidecarName(elf: ElfFile, path: string): Uint8Array | undefined {
  const entry = elf.header.entry;
  const segment = elf.programHeaders.find(
    ({ type, virtualAddress, fileSize }) =>
      type === PT_LOAD && entry >= virtualAddress && entry < virtualAddress + BigInt(fileSize),
  );
  if (segment === undefined) return undefined;
  const entryOffset = segment.offset + Number(entry - segment.virtualAddress);
  const around = (before: number, behind: number): Buffer => {
    const start = Math.max(segment.offset, entryOffset - before);
    const end = Math.min(elf.source.size, entryOffset + behind);
    return Buffer.from(elf.source.read(start, end - start, "entry point"));
  };
  // The far look is for files that show a sign of a stub; the others cost one page.
  const showsSign =
    elf.programHeaders.some(({ type }) => type === PT_NULL) ||
    around(0, stubCodeLimit).includes(stubMessage, 0, "latin1") ||
    existsSync(systemPath(joinPath(directoryOf(path), `.${baseName(path)}${sidecarSuffix}`)));
  if (!showsSign) return undefined;
  const bytes = around(searchDistance, searchDistance);
  const suffix = bytes.indexOf(`${sidecarSuffix}\0`, 0, "latin1");
  if (suffix === -1) return undefined;
  // Back to the NUL or the message that stands before the name; a path begins at its first slash behind either.
  const before = bytes.lastIndexOf(0, suffix) + 1;
  const message = bytes.lastIndexOf(stubMessage, suffix, "latin1");
  const from = bytes.indexOf("/", Math.max(before, message), "latin1");
  return from === -1 || from > suffix ? undefined : bytes.subarray(from, suffix + sidecarSuffix.length);
}

function readSidecarFile(path: string): { readonly path: string; readonly bytes: Uint8Array } | string {
  try {
    const { size } = statSync(systemPath(path));
    if (size > sidecarLimit) return `${size} bytes, more than a sidecar has`;
    return { path, bytes: readFileSync(systemPath(path)) };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return `cannot be read: ${code}`;
  }
}

/** `source` with some ranges replaced. */
export function overlay(source: ByteSource, ranges: readonly OriginalRange[]): ByteSource {
  return {
    size: source.size,
    read(offset, length, what) {
      const bytes = source.read(offset, length, what);
      const covering = ranges.filter(
        (range) => range.offset < offset + length && range.offset + range.bytes.length > offset,
      );
      if (covering.length === 0) return bytes;
      const copy = Uint8Array.from(bytes);
      for (const range of covering) {
        const from = Math.max(range.offset, offset);
        const to = Math.min(range.offset + range.bytes.length, offset + length);
        copy.set(range.bytes.subarray(from - range.offset, to - range.offset), from - offset);
      }
      return copy;
    },
  };
}
