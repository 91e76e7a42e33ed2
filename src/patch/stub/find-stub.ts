// A stub in an executable, known by its parameters: they end with their own virtual address, which no other bytes do.
// So a stub of any version of this tool is found, and in a renamed executable the name of its sidecar.

import { Buffer } from "node:buffer";
import { addressIn, fileSegmentOf } from "../../elf/address.ts";
import { viewOf, wordSizeOf } from "../../elf/codec.ts";
import { PT_NULL } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { architectureOf } from "../architecture/architectures.ts";
import { sidecarSuffix } from "../sidecar/file-names.ts";
import { PARAMETER_BESIDE, PARAMETER_SIDECAR_APART } from "./encode-stub.ts";

/** What stands after a stub's code. */
export interface FoundStub {
  /** The file that the stub maps: absolute, or "/" and its name beside /proc/self/exe. Without NUL. */
  readonly path: Uint8Array;
  /** PARAMETER_ flags. */
  readonly flags: number;
  /** Size of the file that it maps, bytes. */
  readonly mapSize: number;
  /** Where the loader begins in it, bytes. */
  readonly loaderOffset: bigint;
  /** The sidecar, absolute or "/" and its name; the same as `path` unless PARAMETER_SIDECAR_APART. */
  readonly sidecar: Uint8Array;
  /** Virtual address of its parameters. */
  readonly address: bigint;
}

/** Longest path that a stub can open. Source: Linux include/uapi/linux/limits.h PATH_MAX. */
const pathLimit = 4096;
/** How far from the entry point a stub can reach: its code and parameters with two paths, bytes. */
const searchDistance = 2 * pathLimit + 512;

/** The stub at or near the entry point; undefined without one. Throws ElfError for a damaged file. */
export function findStub(elf: ElfFile): FoundStub | undefined {
  const entry = elf.header.entry & ~(architectureOf(elf.header)?.entryFlags ?? 0n);
  const segment = fileSegmentOf(elf.programHeaders, entry);
  if (segment === undefined) return undefined;
  const entryOffset = segment.offset + Number(entry - segment.virtualAddress);
  const around = (before: number, behind: number): Window => {
    const start = Math.max(segment.offset, entryOffset - before);
    // Of a damaged file it may not be there at all.
    const end = Math.max(start, Math.min(elf.source.size, entryOffset + behind));
    const bytes = Buffer.from(start < end ? elf.source.read(start, end - start, "entry point") : []);
    return { elf, bytes, address: addressIn(segment, start) };
  };
  // The far look is for files that show a sign of a stub; the others cost one page.
  const isCleared = elf.programHeaders.some(({ type }) => type === PT_NULL);
  if (!isCleared && !showsSign(around(nearBefore, nearBehind).bytes)) return undefined;
  const window = around(searchDistance, searchDistance);
  const { bytes } = window;
  const name = Buffer.from(`${sidecarSuffix}\0`, "latin1");
  let searchedEnd = 0;
  for (let at = bytes.indexOf(name); at !== -1; at = bytes.indexOf(name, at + 1)) {
    const nameEnd = at + name.length;
    const stub = stubNaming(window, nameEnd, searchedEnd);
    if (stub !== undefined) return stub;
    searchedEnd = nameEnd;
  }
  return undefined;
}

/** Bytes after the entry point in which a stub there has its message, and before it in which one there ends. */
const nearBehind = 512;
const nearBefore = 64;

function showsSign(near: Buffer): boolean {
  return near.includes("cannot load ", 0, "latin1") || near.includes(`${sidecarSuffix}\0`, 0, "latin1");
}

interface Window {
  readonly elf: ElfFile;
  readonly bytes: Buffer;
  /** Virtual address of its first byte. */
  readonly address: bigint;
}

/** The largest alignment of the parameters after the path, bytes. */
const largestPadding = 16;

/**
 * The stub with a sidecar's name whose NUL is the byte before `nameEnd`. Where that follows the parameters, those before
 * `searchedEnd` have been looked at: a file full of names is no reason to look again for each.
 */
function stubNaming(window: Window, nameEnd: number, searchedEnd: number): FoundStub | undefined {
  for (let at = nameEnd; at < nameEnd + largestPadding; at++) {
    const stub = parametersAt(window, at);
    if (stub !== undefined && (stub.flags & PARAMETER_SIDECAR_APART) === 0) return stub;
  }
  for (let at = nameEnd - 1; at > nameEnd - pathLimit && at >= searchedEnd; at--) {
    const stub = parametersAt(window, at);
    if (stub !== undefined && (stub.flags & PARAMETER_SIDECAR_APART) !== 0) return stub;
  }
  return undefined;
}

/** struct parameters of native/include/parameters.h at `at`, with the paths around it. */
function parametersAt({ elf, bytes, address }: Window, at: number): FoundStub | undefined {
  const word = wordSizeOf(elf.header);
  const size = 8 + 2 * word;
  if (at + size > bytes.length) return undefined;
  const view = viewOf(elf.header, bytes);
  if (view.word(at + 8 + word) !== address + BigInt(at)) return undefined;
  const flags = view.u16(at + 4);
  const pathStart = at - view.u16(at + 6);
  const path = textAt(bytes, pathStart, at);
  const sidecar = (flags & PARAMETER_SIDECAR_APART) === 0 ? path : textAt(bytes, at + size, bytes.length);
  if ((flags & ~(PARAMETER_SIDECAR_APART | PARAMETER_BESIDE)) !== 0) return undefined;
  if (path === undefined || sidecar === undefined) return undefined;
  return {
    path,
    flags,
    mapSize: view.u32(at),
    loaderOffset: view.word(at + 8),
    sidecar,
    address: address + BigInt(at),
  };
}

/** The path of at least two bytes that begins at `start` and has its NUL before `limit`. */
function textAt(bytes: Buffer, start: number, limit: number): Uint8Array | undefined {
  if (start < 0 || bytes[start] !== 0x2f) return undefined;
  const end = bytes.indexOf(0, start);
  return end === -1 || end >= limit || end - start < 2 ? undefined : bytes.subarray(start, end);
}
