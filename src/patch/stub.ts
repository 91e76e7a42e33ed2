// A stub with its parameters behind it. The layout is native/include/parameters.h's; nothing in the code is changed.

import { Buffer } from "node:buffer";
import { encodeU16, encodeU32, encodeWord } from "../elf/codec.ts";
import type { Architecture } from "../native/architectures.ts";

/** enum parameter_flag in native/include/parameters.h */
export const PARAMETER_SIDECAR_APART = 1;
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
  const fields = [
    encodeU32(architecture, parameters.mapSize),
    encodeU16(architecture, parameters.flags),
    encodeU16(architecture, at - code.length),
    encodeWord(architecture, BigInt(parameters.loaderOffset)),
    encodeWord(architecture, address + BigInt(at)),
    parameters.sidecar ?? new Uint8Array(0),
  ];
  let offset = at;
  for (const field of fields) {
    bytes.set(field, offset);
    offset += field.length;
  }
  return bytes;
}

function parametersSize(architecture: Architecture, parameters: StubParameters): number {
  const words = architecture.elfClass === 64 ? 16 : 8;
  return 8 + words + (parameters.sidecar === undefined ? 0 : parameters.sidecar.length + 1);
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
