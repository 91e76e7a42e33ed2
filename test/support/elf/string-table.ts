// Strings in ELF files: NUL-terminated, and in tables.

export function cString(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}

export interface Strings {
  index(text: string): number;
  bytes(): Uint8Array;
}

export function createStrings(): Strings {
  const known = new Map<string, number>([["", 0]]);
  const out = [0];
  return {
    index(text) {
      const found = known.get(text);
      if (found !== undefined) return found;
      const index = out.length;
      known.set(text, index);
      out.push(...cString(text));
      return index;
    },
    bytes: () => Uint8Array.from(out),
  };
}
