// Where wrapping, or the way back, may change a file: an independent reading of what src/patch/stub/allowed-range.ts and
// src/patch/in-place/changed-fields.ts decide. Shares no code with src/.

import { complaintInPlace } from "./allowed-in-place.ts";

type Range = readonly [start: number, end: number];

interface Segment {
  readonly type: number;
  readonly headerOffset: number;
  readonly isExecutable: boolean;
  readonly offset: number;
  readonly fileSize: number;
  readonly address: bigint;
  readonly memorySize: bigint;
}

const PT_NULL = 0;
const PT_LOAD = 1;
const PT_INTERP = 3;
const PT_NOTE = 4;
const PT_GNU_PROPERTY = 0x6474e553;

interface Headers {
  readonly segments: readonly Segment[];
  /** File header and program headers. */
  readonly tables: readonly Range[];
  readonly entry: bigint;
}

/** Of a file that src/elf/ has accepted: what does not hold here is thrown. */
function readHeaders(bytes: Uint8Array): Headers {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const is64 = bytes[4] === 2;
  const little = bytes[5] === 1;
  const u16 = (at: number) => data.getUint16(at, little);
  const u32 = (at: number) => data.getUint32(at, little);
  const word = (at: number) => (is64 ? data.getBigUint64(at, little) : BigInt(u32(at)));
  const table = Number(word(is64 ? 32 : 28));
  const size = is64 ? 56 : 32;
  const named = u16(is64 ? 56 : 44);
  // PN_XNUM: the number is in sh_info of section 0.
  const count = named === 0xffff ? u32(Number(word(is64 ? 40 : 32)) + (is64 ? 44 : 28)) : named;
  const segments = Array.from({ length: count }, (_, index): Segment => {
    const at = table + index * size;
    const flags = u32(at + (is64 ? 4 : 24));
    return {
      type: u32(at),
      headerOffset: at,
      isExecutable: (flags & 1) !== 0,
      offset: Number(word(at + (is64 ? 8 : 4))),
      address: word(at + (is64 ? 16 : 8)),
      fileSize: Number(word(at + (is64 ? 32 : 16))),
      memorySize: word(at + (is64 ? 40 : 20)),
    };
  });
  const tables: readonly Range[] = [
    [0, is64 ? 64 : 52],
    [table, table + count * size],
  ];
  return { segments, tables, entry: word(24) };
}

/** The bytes from the first offset to the last at which the two differ outside of `except`; undefined where they do not. */
function changedRange(before: Uint8Array, after: Uint8Array, except: readonly Range[]): Range | undefined {
  const piece = 512;
  let first = -1;
  let last = -1;
  for (let from = 0; from < before.length; from += piece) {
    const one = before.subarray(from, from + piece);
    if (Buffer.compare(one, after.subarray(from, from + piece)) === 0) continue;
    for (let at = from; at < from + one.length; at++) {
      if (before[at] === after[at] || except.some(([start, end]) => at >= start && at < end)) continue;
      if (first === -1) first = at;
      last = at;
    }
  }
  return first === -1 ? undefined : [first, last + 1];
}

/**
 * The rest of the last page of a segment that has all its memory in the file, as far as it is zeros in the original; a
 * page of 4096 bytes. Of an original made by a damaged sidecar they may be anything.
 */
function freeRest(bytes: Uint8Array, { address, memorySize, fileSize, offset }: Segment, isMade: boolean): number {
  if (memorySize !== BigInt(fileSize)) return 0;
  const inPage = Number((4096n - ((address + memorySize) % 4096n)) % 4096n);
  const start = offset + fileSize;
  if (isMade) return inPage;
  const used = bytes.subarray(start, start + inPage).findIndex((byte) => byte !== 0);
  return used === -1 ? inPage : used;
}

/**
 * What is wrong with how `after` differs from `before`; undefined where nothing is. `original` is the one of the two
 * that is not wrapped: the other's program header has PT_NULL where that has PT_INTERP, and its segment's rest is no
 * longer zeros. `isMade`: it was made by a sidecar that may be damaged.
 */
export function complaintAboutChange(
  before: Uint8Array,
  after: Uint8Array,
  original: Uint8Array,
  isMade = false,
): string | undefined {
  if (before.length !== after.length) return `the size is ${after.length} instead of ${before.length}`;
  const withStub = complaintAboutStub(before, after, original, isMade);
  if (withStub === undefined) return undefined;
  const inPlace = complaintInPlace(original === before ? after : before, original, isMade);
  return inPlace && `neither as a stub, ${withStub}, nor in place, ${inPlace}`;
}

function complaintAboutStub(
  before: Uint8Array,
  after: Uint8Array,
  original: Uint8Array,
  isMade: boolean,
): string | undefined {
  const { segments, tables, entry } = readHeaders(original);
  const wrapped = original === before ? after : before;
  const other = readHeaders(wrapped).segments;
  const retyped = segments.filter(({ type }, index) => other[index]?.type !== type);
  if (retyped.length > 1) return `${retyped.length} program headers change their type`;
  for (const { type, headerOffset } of retyped) {
    const now = other.find((one) => one.headerOffset === headerOffset)?.type;
    if (type !== PT_INTERP || now !== PT_NULL) return `a program header's type ${type} is ${now} in the other`;
  }
  const types = retyped.map(({ headerOffset }): Range => [headerOffset, headerOffset + 4]);
  const changed = changedRange(before, after, types);
  if (changed === undefined) return undefined;
  const [start, end] = changed;
  const shown = `[0x${start.toString(16)}, 0x${end.toString(16)})`;
  const loads = segments.filter(({ type }) => type === PT_LOAD);
  /** Where the file has memory, by the first segment that has all of it. */
  const offsetOf = (address: bigint, size: number): number | undefined => {
    const load = loads.find(
      (one) => address >= one.address && address + BigInt(size) <= one.address + BigInt(one.fileSize),
    );
    return load && load.offset + Number(address - load.address);
  };
  const code = offsetOf(entry, 1) ?? -1;
  /** Code is no note, and a note is where its header says, in the file as in memory. */
  const isNote = ({ type, address, offset, fileSize }: Segment): boolean =>
    type === PT_NOTE && offsetOf(address, fileSize) === offset && !(offset <= code && code < offset + fileSize);
  const kept: readonly Range[] = [
    ...tables,
    ...segments
      .filter((segment) => isNote(segment) || segment.type === PT_GNU_PROPERTY || segment.type === PT_INTERP)
      .map(({ offset, fileSize }): Range => [offset, offset + fileSize]),
  ];
  const covered = kept.find(([from, to]) => from < end && to > start);
  if (covered !== undefined)
    return `${shown} changes, which covers [0x${covered.map((n) => n.toString(16)).join(", 0x")})`;
  const isInSegment = segments.some(
    (segment) =>
      segment.type === PT_LOAD &&
      segment.isExecutable &&
      start >= segment.offset &&
      start < segment.offset + segment.fileSize &&
      end <= segment.offset + segment.fileSize + freeRest(original, segment, isMade),
  );
  return isInSegment ? undefined : `${shown} changes, which lies in no executable segment`;
}
