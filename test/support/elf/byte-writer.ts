// Writes records field by field and remembers where each field went, so that a test can change one of them.
// Shares no code with src/elf/: a mistake there must not be made twice.

/** Where a field stands in the file, and its size in bytes. */
export interface FieldPlace {
  readonly offset: number;
  readonly size: number;
}

export type FieldKind = "u8" | "u16" | "u32" | "u64" | "word";

export interface WriterFormat {
  readonly elfClass: 32 | 64;
  readonly byteOrder: "little" | "big";
}

export interface ByteWriter {
  /** Bytes written so far: the offset of the next one. */
  position(): number;
  bytes(bytes: Uint8Array): void;
  /** Zeros up to the next multiple of `to`. */
  align(to: number): void;
  /** Writes the fields one after the other; each is known as `${name}.${field}` afterwards. */
  record(name: string, fields: readonly (readonly [field: string, kind: FieldKind, value: number | bigint])[]): void;
  result(): { readonly bytes: Uint8Array; readonly fields: ReadonlyMap<string, FieldPlace> };
}

export function createByteWriter(format: WriterFormat): ByteWriter {
  const out: number[] = [];
  const fields = new Map<string, FieldPlace>();
  return {
    position: () => out.length,
    bytes(bytes) {
      for (const byte of bytes) out.push(byte);
    },
    align(to) {
      while (out.length % to !== 0) out.push(0);
    },
    record(name, list) {
      for (const [field, kind, value] of list) {
        const size = fieldSize(format, kind);
        fields.set(`${name}.${field}`, { offset: out.length, size });
        out.push(...numberBytes(format, value, size));
      }
    },
    result: () => ({ bytes: Uint8Array.from(out), fields }),
  };
}

/** `value` in `size` bytes; what does not fit is cut off, as a test may want to write any bits. */
export function numberBytes(format: WriterFormat, value: number | bigint, size: number): readonly number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(size * 8, BigInt(value));
  for (let i = 0; i < size; i++) {
    bytes.push(Number(rest % 256n));
    rest /= 256n;
  }
  return format.byteOrder === "little" ? bytes : bytes.reverse();
}

function fieldSize(format: WriterFormat, kind: FieldKind): number {
  if (kind === "word") return format.elfClass / 8;
  return { u8: 1, u16: 2, u32: 4, u64: 8 }[kind];
}
