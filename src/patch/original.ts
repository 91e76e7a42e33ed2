// What a wrapped executable was before: its bytes with the saved ones and PT_INTERP back in place. Reads only.
//
// A sidecar may have been written by somebody else, with an executable that fits it: what it says is bounded here, so
// that nothing outside the ranges that wrapping itself would change is ever restored.

import { Buffer } from "node:buffer";
import { baseName, directoryOf, joinPath } from "../base/path.ts";
import { textOfBytes } from "../base/text.ts";
import { fileOffsetOf } from "../elf/address.ts";
import { encodeU32 } from "../elf/codec.ts";
import { PT_INTERP, PT_NULL } from "../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../elf/elf-file.ts";
import { largestInterpreterSize } from "../elf/interpreter-name.ts";
import { parseElf } from "../elf/parse-elf.ts";
import { hasLostRunPath } from "./in-place/lost-run-path.ts";
import { type FoundInPlace, readInPlace } from "./in-place/read-in-place.ts";
import { type OverlayRange, overlay } from "./overlay.ts";
import type { PatchIssue } from "./patch-issue.ts";
import { checkOf, decodeSidecar, type Sidecar } from "./sidecar/sidecar-codec.ts";
import type { SidecarProblem } from "./sidecar/sidecar-problem.ts";
import { mayBeChanged } from "./stub/allowed-range.ts";
import { PARAMETER_BESIDE } from "./stub/encode-stub.ts";
import { type FoundStub, findStub } from "./stub/find-stub.ts";
import { CallError } from "./write/system-call.ts";
import { readRegularFile } from "./write/write-file.ts";

/** A file with a stub, and the sidecar that fits it. */
export interface WrappedOriginal {
  readonly kind: "wrapped";
  readonly stub: FoundStub;
  readonly sidecarPath: string;
  readonly sidecar: Sidecar;
  /** The sidecar's bytes as they are. */
  readonly sidecarBytes: Uint8Array;
  readonly entry: OverlayRange;
  /** p_type of the interpreter's program header, and whether it is cleared now (it is not in a stopped run). */
  readonly interpreterHeader: OverlayRange;
  readonly isCleared: boolean;
  /**
   * Whether the bytes that PT_INTERP names are those of before. patchelf moves the path of an interpreter, also one that
   * no program header names, and uses its bytes for something else: there is no way back then.
   */
  readonly hasInterpreterPath: boolean;
  /** The original, to be read like any file. */
  readonly elf: ElfFile;
}

export type Original =
  /** No stub of ours: the file is the original. */
  | { readonly kind: "unwrapped" }
  | WrappedOriginal
  /** No stub: what it has to find stands in its own padding. */
  | FoundInPlace
  /** A stub whose sidecar cannot be used. A record in its padding that does not fit the file any more, or is lost. */
  | { readonly kind: "damaged"; readonly issue: PatchIssue };

/** Bytes of what stands there instead that a message shows. */
const shownBytes = 16;

/** No sidecar is larger: a loader, and names of at most 64 KB each. */
const sidecarLimit = 1 << 20;

const foreign = { kind: "of-another-executable" } as const;

/**
 * Finds out whether `elf`, the file at `path`, has been wrapped, and what it was before. Throws ElfError for a damaged
 * file; what is wrong with the sidecar is in the result.
 */
export function readOriginal(elf: ElfFile, path: string): Original {
  const stub = findStub(elf);
  if (stub === undefined) return readInPlaceOriginal(elf, path);
  const sidecarPath = sidecarPathIn(stub, path);
  const damaged = (problem: SidecarProblem): Original => ({
    kind: "damaged",
    issue: { kind: "sidecar-damaged", path, sidecarPath: sidecarPath ?? textOfBytes(stub.sidecar), problem },
  });
  if (sidecarPath === undefined) return damaged({ kind: "name-is-path" });
  const read = readWith(elf, sidecarPath);
  if (read.kind !== "wrapped") return damaged(read);
  const { savedAddress, saved } = read.sidecar;
  if (stub.address < savedAddress || stub.address >= savedAddress + BigInt(saved.length)) return damaged(foreign);
  if (findStub(read.elf) !== undefined) return damaged({ kind: "saved-stub" });
  return { ...read, stub };
}

/** The same for a file that never has a stub: a shared library. */
export function readInPlaceOriginal(elf: ElfFile, path: string): Exclude<Original, WrappedOriginal> {
  const found = readInPlace(elf);
  switch (found.kind) {
    case "none":
      return hasLostRunPath(elf) ? { kind: "damaged", issue: { kind: "in-place-lost", path } } : { kind: "unwrapped" };
    case "in-place":
      return found;
    case "changed":
      return { kind: "damaged", issue: { kind: "changed-in-place", path, problem: found.problem } };
    default:
      return found satisfies never;
  }
}

/** The file as it was before this tool changed it. */
export function originalElf(current: ElfFile, original: Original): ElfFile {
  return original.kind === "wrapped" || original.kind === "in-place" ? original.elf : current;
}

/** Where a stub of the executable at `path` finds its sidecar; undefined where what it names is no name. */
export function sidecarPathIn(stub: FoundStub, path: string): string | undefined {
  const text = textOfBytes(stub.sidecar);
  if ((stub.flags & PARAMETER_BESIDE) === 0) return text;
  const name = text.slice(1);
  return name.includes("/") ? undefined : joinPath(directoryOf(path), name);
}

/** What a sidecar says, whatever stub there is. */
type FoundSidecar = Omit<WrappedOriginal, "stub">;

/** The original by the sidecar at `sidecarPath`, or what is wrong with that. */
function readWith(elf: ElfFile, sidecarPath: string): FoundSidecar | SidecarProblem {
  const sidecarBytes = readSidecarBytes(sidecarPath);
  if ("kind" in sidecarBytes) return sidecarBytes;
  const sidecar = decodeSidecar(elf.header, sidecarBytes);
  if ("kind" in sidecar) return sidecar;
  const entryOffset = fileOffsetOf(elf.programHeaders, sidecar.savedAddress, 1);
  const header = elf.programHeaders.find(
    ({ type, offset, fileSize }) =>
      (type === PT_NULL || type === PT_INTERP) &&
      BigInt(offset) === sidecar.interpreterOffset &&
      BigInt(fileSize) === sidecar.interpreterFileSize,
  );
  if (sidecar.entry !== elf.header.entry || entryOffset === undefined || header === undefined) return foreign;
  const entry = { offset: entryOffset, bytes: sidecar.saved };
  if (!mayBeChanged(elf, entry.offset, entry.bytes.length)) return foreign;
  const interpreterHeader = { offset: header.headerOffset, bytes: encodeU32(elf.header, PT_INTERP) };
  const original = parseElf(overlay(elf.source, [entry, interpreterHeader]));
  // Once more, with the header back that says where PT_INTERP's bytes are.
  if (!mayBeChanged(original, entry.offset, entry.bytes.length)) return foreign;
  const hasInterpreterPath = isAsChecked(elf, header, sidecar);
  return {
    kind: "wrapped",
    sidecarPath,
    sidecar,
    sidecarBytes,
    entry,
    interpreterHeader,
    isCleared: header.type === PT_NULL,
    hasInterpreterPath,
    elf: hasInterpreterPath
      ? original
      : { ...original, interpreter: () => `/${baseName(textOfBytes(sidecar.interpreter))}` },
  };
}

/** Whether PT_INTERP's bytes are the ones that were there when the executable was wrapped. */
function isAsChecked({ source }: ElfFile, { offset, fileSize }: ProgramHeader, { interpreterCheck }: Sidecar): boolean {
  // What cannot be read was no interpreter's path.
  if (fileSize > largestInterpreterSize || offset + fileSize > source.size) return false;
  return checkOf(source.read(offset, fileSize, "PT_INTERP")) === interpreterCheck;
}

/** What to say of a wrapped file that has lost the path of its former interpreter; undefined of the others. */
export function interpreterIssue(
  { source }: ElfFile,
  path: string,
  original: Original,
  severity: "error" | "warning",
): PatchIssue | undefined {
  if (original.kind !== "wrapped" || original.hasInterpreterPath) return undefined;
  const { interpreterOffset, interpreterFileSize } = original.sidecar;
  const offset = Number(interpreterOffset);
  const size = Math.max(0, Math.min(shownBytes, Number(interpreterFileSize), source.size - offset));
  const found = size === 0 ? "" : textOfBytes(source.read(offset, size, "PT_INTERP"));
  return { kind: "interpreter-overwritten", severity, path, sidecarPath: original.sidecarPath, offset, found };
}

function readSidecarBytes(path: string): Uint8Array | SidecarProblem {
  try {
    return readRegularFile(path, sidecarLimit) ?? { kind: "absent" };
  } catch (error) {
    if (error instanceof CallError) return { kind: "unreadable", code: error.issue.code };
    throw error;
  }
}

/** Whether the sidecar at `sidecarPath` is of `elf`, which is the original: what it would restore is there already. */
export function isStaleSidecar(elf: ElfFile, sidecarPath: string): boolean {
  const read = readWith(elf, sidecarPath);
  return read.kind === "wrapped" && isRestored(elf, read);
}

function isRestored(elf: ElfFile, { entry, isCleared }: FoundSidecar): boolean {
  return !isCleared && Buffer.from(elf.source.read(entry.offset, entry.bytes.length)).equals(entry.bytes);
}
