// Small files that ask for much: tables of many thousand entries, put after a file's end and named by its headers.

import type { Field } from "../../support/elf/elf-fields.ts";
import { append, type Image, numberAt, put, set, setNamed } from "./image.ts";
import type { Random } from "./random.ts";

/** Puts one of these into the file; now and then one that is very large. */
export function bulk(image: Image, random: Random): void {
  const isHuge = random.oneIn(40);
  const count = random.pick(isHuge ? [65_534, 131_072, 200_000] : [200, 1000, 1000, 5000, 20_000]);
  random.pick([
    dynamicEntries,
    dynamicEntries,
    programHeaders,
    sectionHeaders,
    notes,
    openedLibraries,
    openedLibraries,
    versionNeeds,
    versionDefinitions,
    earlyFunctions,
    relocations,
    longRunPath,
    longRunPath,
    longHashChain,
  ])(image, count, random);
}

const wordSize = ({ whole }: Image): number => whole.map.format.elfClass / 8;

/** `count` times the numbers that `record` gives, each of `size` bytes. */
function table(
  { whole }: Image,
  count: number,
  size: number,
  record: (index: number) => readonly (number | bigint)[],
): Uint8Array {
  const length = record(0).length;
  const bytes = Buffer.alloc(count * length * size);
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = whole.map.format.byteOrder === "little";
  for (let index = 0; index < count; index++) {
    for (const [place, value] of record(index).entries()) {
      const at = (index * length + place) * size;
      if (size === 4) data.setUint32(at, Number(BigInt.asUintN(32, BigInt(value))), little);
      else data.setBigUint64(at, BigInt(value), little);
    }
  }
  return bytes;
}

const fieldsNamed = ({ whole }: Image, name: RegExp): readonly Field[] =>
  whole.map.fields.filter((field) => name.test(field.name));

/** Sets fields of the first program header whose type's name matches. */
function setHeader(image: Image, type: string, values: { readonly [field: string]: number | bigint }): void {
  const [header] = fieldsNamed(image, new RegExp(`^PT_(${type})\\[\\d+\\]\\.p_type$`));
  const name = header?.name.replace(/\..*/, "");
  for (const [field, value] of Object.entries(values)) setNamed(image, `${name}.${field}`, value);
}

/**
 * Puts bytes after the file and has a program header that no one needs load them, at an address far from all others;
 * returns that.
 */
function load(image: Image, bytes: Uint8Array): { readonly offset: number; readonly address: bigint } {
  const offset = append(image, bytes);
  const address = 0x6000_0000n + BigInt(offset);
  const [spare] = fieldsNamed(image, /^PT_(OTHER|PHDR|NOTE)\[\d+\]\.p_type$/).toReversed();
  const name = spare?.name.replace(/\..*/, "");
  const fields = { p_type: 1, p_flags: 4, p_offset: offset, p_vaddr: address, p_align: 4096 };
  for (const [field, value] of Object.entries(fields)) setNamed(image, `${name}.${field}`, value);
  for (const field of ["p_filesz", "p_memsz"]) setNamed(image, `${name}.${field}`, bytes.length);
  return { offset, address };
}

/** Gives the dynamic array an entry, in place of one that matters less. */
function setTag(image: Image, tag: number | bigint, value: number | bigint): void {
  const { dynamic } = image.whole.map;
  if (dynamic === undefined) return;
  const size = wordSize(image);
  const own = fieldsNamed(image, /^DT_.*\.d_tag$/);
  const innocuous = [0x15n, 0x1en, 0x6ffffffbn, 0x19n, 0x1an, 0x1bn, 0x1cn, 0xcn, 0xdn, 0x3n, 0n];
  const place =
    own.find((field) => numberAt(image, field) === BigInt(tag)) ??
    own.find((field) => innocuous.includes(numberAt(image, field)));
  if (place === undefined) return;
  set(image, place, tag);
  put(image, place.offset + size, value, size);
  image.done.push(`${place.name.replace("d_tag", "d_un")} = 0x${value.toString(16)}`);
}

function dynamicEntries(image: Image, count: number, random: Random): void {
  const { dynamic, strings, format } = image.whole.map;
  if (dynamic === undefined) return;
  const tag = random.pick([1, 1, 1, 29, 15, 14, 0x20, 0x6ffffffe]);
  const own = image.whole.bytes.slice(dynamic.offset, dynamic.offset + dynamic.size);
  const word = format.elfClass / 8;
  let end = 0;
  while (end < own.length && own.subarray(end, end + word).some((byte) => byte !== 0)) end += 2 * word;
  const size = Math.max(1, strings?.size ?? 1);
  const isSame = random.oneIn(3);
  const more = table(image, count, word, (index) => [tag, isSame ? 1 : index % size]);
  const bytes = Buffer.concat([own.subarray(0, end), more, Buffer.alloc(2 * word)]);
  const { offset, address } = load(image, bytes);
  setHeader(image, "DYNAMIC", { p_offset: offset, p_vaddr: address, p_filesz: bytes.length, p_memsz: bytes.length });
  image.done.push(`${count} dynamic entries of tag ${tag}`);
}

/** Many program headers: the file's own again and again, or all of one kind. */
function programHeaders(image: Image, count: number, random: Random): void {
  const { programHeaders: own, format } = image.whole.map;
  const table = image.whole.bytes.subarray(own.offset, own.offset + own.count * own.size);
  const repeated = random.oneIn(2) ? table.subarray(random.below(own.count) * own.size).subarray(0, own.size) : table;
  const bytes = Buffer.concat([table, Buffer.alloc((count - own.count) * own.size, repeated)]);
  setNamed(image, "ehdr.e_phoff", append(image, bytes));
  setNamed(image, "ehdr.e_phnum", Math.min(count, 0xffff));
  if (count >= 0xffff) put(image, sectionZero(image) + (format.elfClass === 64 ? 44 : 28), count, 4);
  image.done.push(`${count} program headers`);
}

function sectionZero(image: Image): number {
  const [field] = fieldsNamed(image, /^shdr\[0\]\.sh_name$/);
  return field?.offset ?? 0;
}

function sectionHeaders(image: Image, count: number, random: Random): void {
  const size = image.whole.map.format.elfClass === 64 ? 64 : 40;
  const own = fieldsNamed(image, /^shdr\[\d+\]\.sh_name$/);
  if (own.length === 0) return;
  const { offset } = random.pick(own);
  const bytes = Buffer.alloc(count * size, image.whole.bytes.subarray(offset, offset + size));
  const table = append(image, bytes);
  setNamed(image, "ehdr.e_shoff", table);
  setNamed(image, "ehdr.e_shnum", count < 0xffff ? count : 0);
  if (count >= 0xffff) put(image, table + (size === 64 ? 32 : 20), count, wordSize(image));
  image.done.push(`${count} section headers`);
}

function notes(image: Image, count: number, random: Random): void {
  const sizes = random.pick([
    [0, 0],
    [4, 4],
    [4, 0xffff_fff0],
    [0xffff_ffff, 0],
  ] as const);
  const record = sizes[0] === 4 ? [...sizes, 5, 0x554e47, 0] : [...sizes, 5];
  const bytes = table(image, count, 4, () => record);
  const offset = append(image, bytes);
  setHeader(image, "NOTE|OTHER|PHDR", {
    p_type: 4,
    p_offset: offset,
    p_filesz: bytes.length,
    p_align: random.pick([4, 8]),
  });
  image.done.push(`${count} notes`);
}

/** Texts for a note of what a program opens. */
const openings: readonly ((count: number) => string)[] = [
  (count) => "[".repeat(count),
  (count) => `${"[".repeat(count)}${"]".repeat(count)}`,
  (count) => `${"\0".repeat(count)}[]`,
  (count) => `[${Array(Math.min(count, 5000)).fill('{"soname":["libtwo.so"],"priority":"required"}').join(",")}]`,
  (count) =>
    JSON.stringify([{ soname: Array.from({ length: Math.min(count, 2000) }, (_, index) => `lib${index}.so`) }]),
  (count) => JSON.stringify([{ soname: ["x".repeat(count), "../lib/libtwo.so", "/\0", "$ORIGIN/../lib/libtwo.so"] }]),
  () =>
    JSON.stringify([
      { soname: ["\ud800.so", "\u001b[2K.so", ".", "..", "/", "/proc/self/fd/0"], priority: "required" },
    ]),
  () =>
    JSON.stringify([{ soname: ["a\nb.so", "libtwo.so/"], feature: "\u2028", description: "\r", priority: "required" }]),
  () => '[{"__proto__":{"soname":["x"]},"soname":["libtwo.so"],"priority":{}}]',
];

/** A note of what the program opens, as JSON. */
function openedLibraries(image: Image, count: number, random: Random): void {
  const text = Buffer.from(random.pick(openings)(count));
  const bytes = Buffer.alloc(12 + 4 + Math.ceil(text.length / 4) * 4);
  bytes.set(table(image, 3, 4, (index) => [[4, text.length, 0x407c0c0a][index] ?? 0]));
  bytes.set(Buffer.from("FDO\0"), 12);
  bytes.set(text, 16);
  const offset = append(image, bytes);
  setHeader(image, "NOTE|OTHER|PHDR", { p_type: 4, p_offset: offset, p_filesz: bytes.length, p_align: 4 });
  image.done.push(`a note of opened libraries: ${text.subarray(0, 40).toString()}`);
}

/** vn_version and vn_cnt, vn_file, vn_aux, vn_next as four words of 32 bits; each with the record after it as its own. */
function versionNeeds(image: Image, count: number, random: Random): void {
  const isBig = image.whole.map.format.byteOrder === "big";
  const first = random.pick([1, 0xffff]);
  const versionAndCount = isBig ? 0x1_0000 + first : first * 0x1_0000 + 1;
  const bytes = table(image, count, 4, () => [versionAndCount, 1, 16, 16]);
  setTag(image, 0x6ffffffe, load(image, bytes).address);
  setTag(image, 0x6fffffff, random.pick([count, 0xffff_ffff]));
  image.done.push(`${count} records of DT_VERNEED`);
}

function versionDefinitions(image: Image, count: number, random: Random): void {
  const isBig = image.whole.map.format.byteOrder === "big";
  const bytes = table(image, count, 4, () => [isBig ? 0x1_0000 : 1, 0x2_0002, 0, 1, 20]);
  setTag(image, 0x6ffffffc, load(image, bytes).address);
  setTag(image, 0x6ffffffd, random.pick([count, 0xffff_ffff]));
  image.done.push(`${count} records of DT_VERDEF`);
}

function earlyFunctions(image: Image, count: number, random: Random): void {
  const entry = image.whole.byName.get("ehdr.e_entry");
  const near = entry === undefined ? 0n : numberAt(image, entry);
  const bytes = table(image, count, wordSize(image), (index) => [near + BigInt(random.oneIn(2) ? index : 0)]);
  setTag(image, 0x20, load(image, bytes).address);
  setTag(image, 0x21, bytes.length);
  image.done.push(`${count} early functions`);
}

function relocations(image: Image, count: number, random: Random): void {
  const bytes = table(image, count, wordSize(image), (index) => [index, 8, index * 8]);
  const { address } = load(image, bytes);
  setTag(image, 7, address);
  setTag(image, 8, bytes.length);
  setTag(image, 0x20, address);
  setTag(image, 0x21, random.pick([8, 800, bytes.length]));
  image.done.push(`${count} relocations, which are early functions too`);
}

function longRunPath(image: Image, count: number, random: Random): void {
  const piece = random.pick([":", "a:", "/x:", "$ORIGIN", "$ORIGIN:", "$LIB", "${PLATFORM}/:", "../", "/"]);
  const names = "libone.so\0libc.so.6\0\0";
  const end = random.oneIn(2) ? "" : "x";
  const bytes = Buffer.from(`\0${piece.repeat(count)}${end}\0${names}`);
  setTag(image, 5, load(image, bytes).address);
  setTag(image, 10, bytes.length);
  setTag(image, random.pick([29, 15]), 1);
  const needed = fieldsNamed(image, /^DT_NEEDED.*d_un$/);
  for (const field of needed) put(image, field.offset, bytes.length - random.pick([12, 22, 13]), field.size);
  image.done.push(`a run path of ${count} times ${JSON.stringify(piece)}`);
}

/** One bucket, whose chain ends nowhere. */
function longHashChain(image: Image, count: number, random: Random): void {
  if (random.oneIn(2)) {
    const bytes = table(image, count, 4, (index) => [index === 0 ? 1 : index === 1 ? count - 3 : (index - 1) % count]);
    setTag(image, 4, load(image, bytes).address);
  } else {
    const bytes = table(image, count, 4, (index) => [[1, 1, 1, 0, 0, 0, 1][index] ?? 2]);
    setTag(image, 0x6ffffef5, load(image, bytes).address);
  }
  image.done.push(`a hash chain of ${count}`);
}
