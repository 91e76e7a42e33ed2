// A stub with its parameters after it. The layout is native/include/parameters.h's; nothing in the code is changed.

import { Buffer } from "node:buffer";
import { wordSizeOf, writerOf } from "../../elf/codec.ts";
import type { Architecture } from "../architecture/architectures.ts";

/** enum parameter_flag in native/include/parameters.h */
export const PARAMETER_SIDECAR_APART = 1;
/** The same: the sidecar is looked for beside /proc/self/exe. */
export const PARAMETER_BESIDE = 2;

export interface StubParameters {
  /** The file that the stub maps: absolute, or "/" and its name beside /proc/self/exe. Without NUL. */
  readonly path: Uint8Array;
  /** PARAMETER_ flags. */
  readonly flags: number;
  /** Bytes to map, which is the file's size. */
  readonly mapSize: number;
  /** Where the loader begins in it, bytes; at least 1024 (native/include/parameters.h). */
  readonly loaderOffset: number;
  /** With PARAMETER_SIDECAR_APART: the sidecar, absolute or "/" and its name. Without NUL. */
  readonly sidecar?: Uint8Array;
}

/** Bytes that the stub takes at most, wherever it is placed. */
export function stubSizeLimit(architecture: Architecture, code: Uint8Array, parameters: StubParameters): number {
  const padding = architecture.parameterAlign - 1;
  return code.length + parameters.path.length + 1 + padding + parametersSize(architecture, parameters);
}

/** The stub's bytes for the virtual address `address`. */
export function buildStub(
  architecture: Architecture,
  code: Uint8Array,
  parameters: StubParameters,
  address: bigint,
): Uint8Array {
  const at = parametersAt(architecture, code, parameters, address);
  const bytes = Buffer.alloc(at + parametersSize(architecture, parameters));
  bytes.set(code, 0);
  bytes.set(parameters.path, code.length);
  const write = writerOf(architecture, bytes);
  const word = wordSizeOf(architecture);
  write.u32(at, parameters.mapSize);
  write.u16(at + 4, parameters.flags);
  write.u16(at + 6, at - code.length);
  write.word(at + 8, BigInt(parameters.loaderOffset));
  write.word(at + 8 + word, address + BigInt(at));
  if (parameters.sidecar !== undefined) bytes.set(parameters.sidecar, at + 8 + 2 * word);
  return bytes;
}

function parametersSize(architecture: Architecture, parameters: StubParameters): number {
  return 8 + 2 * wordSizeOf(architecture) + (parameters.sidecar === undefined ? 0 : parameters.sidecar.length + 1);
}

/** Where struct parameters stands, from the stub's first byte. */
function parametersAt(
  architecture: Architecture,
  code: Uint8Array,
  parameters: StubParameters,
  address: bigint,
): number {
  const end = code.length + parameters.path.length + 1;
  const align = BigInt(architecture.parameterAlign);
  const unaligned = (address + BigInt(end)) % align;
  return end + (unaligned === 0n ? 0 : Number(align - unaligned));
}
