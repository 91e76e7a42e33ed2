// Where texts in place, or taking them out again, may change a file. Shares no code with src/.

type Range = readonly [start: number, end: number];

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const SHT_NOBITS = 8;
/** DT_NULL, DT_RPATH, DT_RUNPATH, DT_RELACOUNT, DT_RELCOUNT: what an entry may have been. */
const formerTags: ReadonlySet<bigint> = new Set([0n, 15n, 29n, 0x6ffffff9n, 0x6ffffffan]);
/** DT_RPATH and DT_RUNPATH: what it may be. */
const writtenTags: ReadonlySet<bigint> = new Set([15n, 29n]);

interface Reader {
  readonly is64: boolean;
  readonly word: (at: number) => bigint;
  readonly u16: (at: number) => number;
  readonly u32: (at: number) => number;
}

function readerOf(bytes: Uint8Array): Reader {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const is64 = bytes[4] === 2;
  const little = bytes[5] === 1;
  const u32 = (at: number) => data.getUint32(at, little);
  return {
    is64,
    u16: (at) => data.getUint16(at, little),
    u32,
    word: (at) => (is64 ? data.getBigUint64(at, little) : BigInt(u32(at))),
  };
}

interface Segment {
  readonly type: number;
  readonly isWritable: boolean;
  readonly offset: number;
  readonly address: bigint;
  readonly fileSize: number;
  readonly memorySize: bigint;
  /** Of p_filesz and p_memsz, which stand together. */
  readonly sizes: Range;
  /** Of p_offset to p_memsz. */
  readonly fields: Range;
}

function segmentsOf({ is64, u16, u32, word }: Reader): readonly Segment[] {
  const table = Number(word(is64 ? 32 : 28));
  const named = u16(is64 ? 56 : 44);
  const count = named === 0xffff ? u32(Number(word(is64 ? 40 : 32)) + (is64 ? 44 : 28)) : named;
  return Array.from({ length: count }, (_, index): Segment => {
    const at = table + index * (is64 ? 56 : 32);
    const sizesAt = at + (is64 ? 32 : 16);
    const size = is64 ? 8 : 4;
    return {
      type: u32(at),
      isWritable: (u32(at + (is64 ? 4 : 24)) & 2) !== 0,
      offset: Number(word(at + (is64 ? 8 : 4))),
      address: word(at + (is64 ? 16 : 8)),
      fileSize: Number(word(sizesAt)),
      memorySize: word(sizesAt + size),
      sizes: [sizesAt, sizesAt + 2 * size],
      fields: [at + (is64 ? 8 : 4), sizesAt + 2 * size],
    };
  });
}

/** File bytes of sections; none where the table cannot be read as a whole. */
function sectionsOf(read: Reader, size: number): readonly Range[] {
  const { is64, word, u16, u32 } = read;
  const headers = sectionHeaders(read, size);
  const places = headers.map((at) => ({
    type: u32(at + 4),
    start: Number(word(at + (is64 ? 24 : 16))),
    length: Number(word(at + (is64 ? 32 : 20))),
  }));
  const isReadable =
    headers.length === u16(is64 ? 60 : 48) && places.every(({ start, length }) => start + length < 2 ** 52);
  if (!isReadable) return [];
  return places.flatMap(({ type, start, length }) =>
    type === SHT_NOBITS || length === 0 ? [] : [[start, start + length]],
  );
}

/** File offsets of the section headers that lie in the file. */
function sectionHeaders({ is64, u16, word }: Reader, size: number): readonly number[] {
  const table = Number(word(is64 ? 40 : 32));
  const each = is64 ? 64 : 40;
  if (table === 0 || u16(is64 ? 58 : 46) !== each) return [];
  const all = Array.from({ length: u16(is64 ? 60 : 48) }, (_, index) => table + index * each);
  return all.filter((at) => at + each <= size);
}

/** Offsets at which the two differ. */
function differences(one: Uint8Array, other: Uint8Array): readonly number[] {
  const found: number[] = [];
  const piece = 512;
  for (let from = 0; from < one.length; from += piece) {
    const end = Math.min(from + piece, one.length);
    if (Buffer.compare(one.subarray(from, end), other.subarray(from, end)) === 0) continue;
    for (let at = from; at < end; at++) if (one[at] !== other[at]) found.push(at);
  }
  return found;
}

const isIn = (at: number, [start, end]: Range): boolean => at >= start && at < end;

/**
 * What is wrong with how `wrapped`, whose texts stand in place, differs from `original`; undefined where nothing is.
 * `isMade`: the original was made by a record that may be damaged.
 */
export function complaintInPlace(wrapped: Uint8Array, original: Uint8Array, isMade: boolean): string | undefined {
  const read = readerOf(original);
  const now = readerOf(wrapped);
  const segments = segmentsOf(read);
  const left = new Set(differences(original, wrapped));
  const take = (range: Range): number => {
    const taken = [...left].filter((at) => isIn(at, range));
    for (const at of taken) left.delete(at);
    return taken.length;
  };
  const growing = segments.filter(
    ({ type, isWritable, fileSize, memorySize }) =>
      type === PT_LOAD && !isWritable && memorySize === BigInt(fileSize) && fileSize > 0,
  );
  const grown = growing.filter(({ sizes }) => take(sizes) > 0);
  if (grown.length > 1) return `${grown.length} segments grow`;
  // A run that was stopped has written the texts only.
  const texts = growing.flatMap(({ offset, fileSize, sizes: [at] }): readonly Range[] => {
    const start = offset + fileSize;
    const behind: Range = [start + 8, Math.ceil((start + 1) / 4096) * 4096 + 4096];
    const end = grown.length > 0 ? offset + Number(now.word(at)) : behind[1];
    return end > behind[1] ? [] : [[behind[0], end]];
  });
  const written = texts.find((range) => [...left].some((at) => isIn(at, range)));
  if (grown.length > 0 && written === undefined) return "a segment grows over nothing";
  if (written !== undefined) {
    const loads = segments.filter(({ type }) => type === PT_LOAD);
    /** What begins in a loaded segment and goes on after it is damaged. */
    const within = ([start, end]: Range): Range => {
      const ends = loads.filter(({ offset, fileSize }) => offset <= start && start < offset + fileSize);
      const last = Math.max(start, ...ends.map(({ offset, fileSize }) => offset + fileSize));
      return [start, ends.length === 0 ? end : Math.min(end, last)];
    };
    const used: readonly Range[] = [
      ...segments.map(({ offset, fileSize }) => within([offset, offset + fileSize])),
      ...loads.map(({ offset, fileSize }): Range => [offset, offset + fileSize]),
      ...sectionsOf(read, original.length).map(within),
    ];
    const bytes = [...left].filter((at) => isIn(at, written));
    if (!isMade && bytes.some((at) => original[at] !== 0)) return "texts stand where there were no zeros";
    if (!isMade && bytes.some((at) => used.some((range) => isIn(at, range)))) return "texts stand in something's bytes";
    take(written);
  }
  const interpreter = segments.find(({ type }) => type === PT_INTERP);
  if (interpreter !== undefined) take(interpreter.fields);
  const isNamed = (at: number): boolean =>
    interpreter !== undefined && (isMade || Number(read.word(at + (read.is64 ? 24 : 16))) === interpreter.offset);
  const named = sectionHeaders(read, original.length)
    .filter(isNamed)
    .map((at): Range => [at + (read.is64 ? 16 : 12), at + (read.is64 ? 40 : 24)]);
  const sections = named.filter((range) => take(range) > 0);
  if (sections.length > 1) return `${sections.length} section headers change`;
  const size = read.is64 ? 16 : 8;
  const dynamic = segments.filter(({ type }) => type === PT_DYNAMIC).map((array) => mappedRange(array, segments));
  const slots = [...new Set([...left].flatMap((at) => slotsAt(at, dynamic, size)))];
  for (const at of slots) {
    if (!formerTags.has(read.word(at))) return `an entry of tag ${read.word(at)} changes`;
    if (!writtenTags.has(now.word(at))) return `an entry's tag becomes ${now.word(at)}`;
    take([at, at + size]);
  }
  if (slots.length > 2) return `${slots.length} entries of the dynamic array change`;
  const [first] = left;
  return first === undefined ? undefined : `0x${first.toString(16)} changes`;
}

/** The file bytes of what a dynamic linker sees at a segment's address. */
function mappedRange({ address, offset, fileSize }: Segment, segments: readonly Segment[]): Range {
  const holder = segments.find(
    (one) =>
      one.type === PT_LOAD &&
      address >= one.address &&
      address + BigInt(fileSize) <= one.address + BigInt(one.fileSize),
  );
  const start = holder === undefined ? offset : holder.offset + Number(address - holder.address);
  return [start, start + fileSize];
}

/** File offsets of the entries of dynamic arrays that have the byte at `at`. */
function slotsAt(at: number, arrays: readonly Range[], size: number): readonly number[] {
  return arrays.filter((range) => isIn(at, range)).map(([start]) => start + Math.floor((at - start) / size) * size);
}
