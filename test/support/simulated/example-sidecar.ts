// A sidecar that has something in every field, and its bytes.

import type { Layout } from "../../../src/elf/codec.ts";
import { encodeSidecar, type Sidecar } from "../../../src/patch/sidecar/sidecar-codec.ts";

const text = (value: string): Uint8Array => Buffer.from(value);

export const exampleSidecar: Sidecar = {
  entry: 0x11a0n,
  interpreter: text("/nix/store/57iz36553175g3178pvxjij8z5rcsd4n-glibc-2.42-61/lib/ld-linux-x86-64.so.2"),
  runPath: text("/nix/store/a/lib:/nix/store/b/lib"),
  saved: Buffer.alloc(230, 0x90),
  needed: [text("libextra.so.1")],
  savedAddress: 0x11a0n,
  interpreterOffset: 0x318n,
  interpreterFileSize: 0x1cn,
  debugAddress: 0x34118n,
  runPathTag: 29,
  flags: 5,
  firstNeeded: [text("/nix/store/a/lib/liba.so"), text("libb.so")],
  interpreterCheck: 0x1234_5678,
  loader: Buffer.alloc(300, 0xcc),
};

/** The bytes of the example with some of its fields changed. Throws where a field does not fit. */
export function encodeExample(layout: Layout, changes: Partial<Sidecar> = {}): Buffer {
  const result = encodeSidecar(layout, { ...exampleSidecar, ...changes });
  if ("field" in result) throw new Error(result.field);
  return Buffer.from(result.bytes);
}
