// One way after another to damage an ELF file: fields, bytes, sizes, order. bulk.ts has those that make it larger.

import type { Field, FieldGroup } from "../../support/elf/elf-fields.ts";
import { edges } from "../../support/elf/mutations.ts";
import { bulk } from "./bulk.ts";
import { append, type Image, numberAt, set, setNamed, type WholeFile } from "./image.ts";
import type { Random } from "./random.ts";

export interface Damaged {
  readonly bytes: Uint8Array;
  /** What was done, to be read. */
  readonly done: readonly string[];
}

type Way = (image: Image, random: Random) => void;

/** How often each way is taken. */
const ways: readonly (readonly [weight: number, way: Way])[] = [
  [24, setFields],
  [12, moveEntry],
  [5, setBytes],
  [4, cut],
  [3, extend],
  [5, shuffleHeaders],
  [3, endNoString],
  [4, loopChains],
  [3, splice],
  [1, bulk],
];

const turns: readonly Way[] = ways.flatMap(([weight, way]) => Array<Way>(weight).fill(way));

/** A damaged copy of the file, in one to three ways. */
export function damage(whole: WholeFile, random: Random): Damaged {
  const image: Image = { whole, bytes: whole.bytes.slice(), done: [] };
  for (let left = random.oneIn(3) ? 2 + random.below(2) : 1; left > 0; left--) random.pick(turns)(image, random);
  return image;
}

const groups: readonly FieldGroup[] = [
  "file header",
  "file header",
  "program header",
  "program header",
  "program header",
  "program header",
  "dynamic",
  "dynamic",
  "note",
  "version",
  "hash",
  "section header",
];

function anyField({ whole }: Image, random: Random): Field {
  const fields = whole.groups.get(random.pick(groups)) ?? whole.map.fields;
  return random.pick(fields);
}

/** A number at which a reader of this field may go wrong. */
function anyValue(image: Image, field: Field, random: Random): bigint {
  const size = BigInt(image.bytes.length);
  const near = BigInt(random.below(17) - 8);
  switch (random.below(6)) {
    case 0:
    case 1:
      return random.pick(edges);
    case 2:
      return size + near;
    case 3:
      return numberAt(image, anyField(image, random)) + near;
    case 4:
      return numberAt(image, field) + near * BigInt(random.pick([1, 1, 8, 4096]));
    default:
      return random.oneIn(2) ? random.word() : BigInt(random.below(image.bytes.length + 64));
  }
}

function setFields(image: Image, random: Random): void {
  for (let left = 1 + random.below(3); left > 0; left--) {
    const field = anyField(image, random);
    set(image, field, anyValue(image, field, random));
  }
}

/** The entry point and what lies around it: where a stub would go. */
function moveEntry(image: Image, random: Random): void {
  const { byName, map, groups: all } = image.whole;
  const entry = byName.get("ehdr.e_entry");
  const code = (all.get("program header") ?? []).filter(({ name }) => name.startsWith("PT_LOAD"));
  if (entry === undefined || code.length === 0) return;
  const named = (of: Field, field: string) => byName.get(of.name.replace(/\..*/, `.${field}`));
  const segment = random.pick(code);
  const value = (field: string): bigint => {
    const place = named(segment, field);
    return place === undefined ? 0n : numberAt(image, place);
  };
  const start = value("p_vaddr");
  const end = start + value("p_filesz");
  const near = BigInt(random.below(512));
  const inSegment = numberAt(image, entry) - start;
  const other = random.pick(map.fields.filter(({ name }) => /^PT_.*\.p_(offset|vaddr)$/.test(name)));
  const size = named(segment, random.pick(["p_filesz", "p_memsz"]));
  const flags = named(segment, "p_flags");
  const moves: readonly (() => void)[] = [
    () => set(image, entry, random.pick([start + near, end - near, end - near / 16n, end, start + 64n])),
    // The segment begins or ends near the entry point.
    () => size && set(image, size, inSegment + near),
    // Something that the kernel reads lies near the entry point.
    () => set(image, other, numberAt(image, entry) + BigInt(random.below(300) - 100)),
    () => setNamed(image, "ehdr.e_phoff", numberAt(image, entry) + BigInt(random.below(600) - 300)),
    () => flags && set(image, flags, random.below(8)),
  ];
  random.pick(moves)();
}

function setBytes(image: Image, random: Random): void {
  if (image.bytes.length === 0) return;
  const start = random.below(image.bytes.length);
  const range = random.oneIn(2) ? image.bytes.length : 64;
  for (let left = 1 + random.below(8); left > 0; left--) {
    const offset = (start + random.below(range)) % image.bytes.length;
    image.bytes[offset] = random.oneIn(4) ? random.pick([0, 0xff, 0x2f, 0x41]) : random.below(256);
    image.done.push(`byte 0x${offset.toString(16)} = ${image.bytes[offset]}`);
  }
}

function cut(image: Image, random: Random): void {
  const { fields } = image.whole.map;
  const size = random.oneIn(2) ? random.below(image.bytes.length) : random.pick(fields).offset + random.below(3) - 1;
  image.bytes = image.bytes.slice(0, Math.max(0, size));
  image.done.push(`cut to ${image.bytes.length} bytes`);
}

function extend(image: Image, random: Random): void {
  const more = new Uint8Array(random.pick([1, 7, 63, 4096, 65536]));
  if (random.oneIn(2)) for (const index of more.keys()) more[index] = random.below(256);
  const isAligned = random.oneIn(2);
  if (isAligned) append(image, more);
  else image.bytes = Buffer.concat([image.bytes, more]);
  image.done.push(`${more.length} more bytes${isAligned ? " at a multiple of 4096" : ""}`);
}

/** Two program headers change places, or one is there twice. */
function shuffleHeaders(image: Image, random: Random): void {
  const { offset, count, size } = image.whole.map.programHeaders;
  const [one, other] = [offset + random.below(count) * size, offset + random.below(count) * size];
  const kept = image.bytes.slice(one, one + size);
  const isCopy = random.oneIn(2);
  if (other + size > image.bytes.length || one + size > image.bytes.length) return;
  if (!isCopy) image.bytes.copyWithin(one, other, other + size);
  image.bytes.set(kept, other);
  image.done.push(
    `program header at 0x${one.toString(16)} ${isCopy ? "also" : "in place of that"} at 0x${other.toString(16)}`,
  );
}

/** The string table, or the interpreter's name, without a NUL. */
function endNoString(image: Image, random: Random): void {
  const { map, byName } = image.whole;
  const named = map.fields.find(({ name }) => name.startsWith("PT_INTERP") && name.endsWith(".p_offset"));
  const size = named && byName.get(named.name.replace("p_offset", "p_filesz"));
  const interpreter = named && size && { offset: Number(numberAt(image, named)), size: Number(numberAt(image, size)) };
  const range = random.oneIn(2) ? map.strings : interpreter;
  if (range === undefined) return;
  const from = range.offset + random.below(range.size);
  // What came before may have moved the range out of the file, or cut the file short.
  const end = Math.min(range.offset + range.size, image.bytes.length);
  if (from >= end) return;
  image.bytes.fill(random.pick([0x41, 0x2f, 0xff, 0x24]), from, end);
  image.done.push(`no NUL from 0x${from.toString(16)} to 0x${end.toString(16)}`);
}

/** Chains that lead back: records of versions give distances, hash tables numbers of symbols. */
function loopChains(image: Image, random: Random): void {
  const { groups: all } = image.whole;
  const chains = (all.get("version") ?? []).filter(({ name }) => /_(next|aux|cnt)$/.test(name));
  const hashes = all.get("hash") ?? [];
  if (chains.length > 0 && random.oneIn(2)) {
    for (const field of chains) {
      if (random.oneIn(3)) continue;
      const back = random.pick([-16n, -32n, -20n, -8n, 0n, 16n, 0xffffn, 0x7fff_ffffn, BigInt(random.below(64))]);
      set(image, field, back);
    }
    for (const field of all.get("dynamic") ?? []) {
      // The numbers of records.
      if (/^DT_6fff(fffd|ffff)@.*d_un$/.test(field.name)) set(image, field, -1);
    }
    return;
  }
  for (const field of hashes) {
    if (random.oneIn(2)) set(image, field, random.pick([0, 1, 2, 3, 4, 5, 0xffff_ffff, 0x1000, random.below(64)]));
  }
}

/** A piece of the file stands in another place too. */
function splice(image: Image, random: Random): void {
  const size = random.below(Math.min(image.bytes.length, random.oneIn(2) ? 64 : 4096));
  const from = random.below(image.bytes.length - size);
  const to = random.below(image.bytes.length - size);
  image.bytes.copyWithin(to, from, from + size);
  image.done.push(`${size} bytes from 0x${from.toString(16)} also at 0x${to.toString(16)}`);
}
