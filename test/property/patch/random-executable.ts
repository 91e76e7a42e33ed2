// Random executables of every architecture, most of which can be wrapped, and random ways to wrap them.

import fc from "fast-check";
import { type Architecture, architectures } from "../../../src/native/architectures.ts";
import type { WrapRequest } from "../../../src/request.ts";
import type { ElfSpec } from "../../support/elf-builder.ts";

/** The machine, class and byte order of an architecture. */
export function formatOf({ machine, elfClass, byteOrder }: Architecture): ElfSpec {
  return { machine, elfClass, byteOrder };
}

/** Code, with texts in it that stand in stubs. */
const code = fc
  .tuple(
    fc.uint8Array({ minLength: 8, maxLength: 1200 }),
    fc.constantFrom("", "cannot load ", ".wrapbuddy\0", "/x/.tool.wrapbuddy\0cannot load "),
    fc.nat(7),
  )
  .map(([bytes, text, at]) => Uint8Array.from([...bytes.subarray(0, at), ...Buffer.from(text), ...bytes.subarray(at)]));

export interface RandomExecutable {
  readonly architecture: Architecture;
  readonly spec: ElfSpec;
  readonly name: string;
  readonly mode: number;
}

export const randomExecutable: fc.Arbitrary<RandomExecutable> = fc
  .record({
    architecture: fc.constantFrom(...architectures),
    type: fc.constantFrom(2, 3),
    code,
    entry: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    nullSlots: fc.integer({ min: 1, max: 6 }),
    runpath: fc.option(fc.constantFrom("$ORIGIN/../lib", "/nonexistent:/usr/lib")),
    rpath: fc.option(fc.constantFrom("$ORIGIN", "/opt/lib")),
    programHeaderSegment: fc.boolean(),
    pageSize: fc.constantFrom(0x1000, 0x1000, 0x10000),
    sections: fc.boolean(),
    payload: fc.option(fc.uint8Array({ maxLength: 300 })),
    notes: fc.boolean(),
    needed: fc.subarray(["libc.so.6", "libm.so.6", "libabsent.so.1"]),
    name: fc.constantFrom("tool", "a b", "x".repeat(200), "ü", "new\nline", "$ORIGIN"),
    mode: fc.constantFrom(0o755, 0o555, 0o700, 0o4755),
  })
  .map(({ architecture, code: bytes, entry, runpath, rpath, payload, notes, name, mode, ...rest }) => ({
    architecture,
    name,
    mode,
    spec: {
      ...formatOf(architecture),
      ...rest,
      interpreter: "/lib/ld-linux.so.2",
      code: bytes,
      entryOffset: Math.floor(entry * (bytes.length / 4)) * 4,
      ...(runpath === null ? {} : { runpath }),
      ...(rpath === null ? {} : { rpath }),
      ...(payload === null ? {} : { payload }),
      ...(notes ? { notes: [{ name: "GNU", type: 5, description: new Uint8Array(16) }] } : {}),
    },
  }));

/** What a request can say about how, without what it wraps. `loader`: from a shared file. */
export interface RandomWay {
  readonly request: Partial<WrapRequest>;
  readonly isShared: boolean;
  readonly isInStore: boolean;
}

export const randomWay: fc.Arbitrary<RandomWay> = fc.record({
  request: fc.record({
    relocatable: fc.boolean(),
    runtimeDependencies: fc.subarray(["/run/opengl-driver/lib", "/opt/other/lib"]),
    appendRunPath: fc.subarray(["/last"]),
    runPathMode: fc.constantFrom("auto", "runpath", "rpath"),
    pin: fc.constantFrom("never", "always"),
    ignoreExistingRunPath: fc.boolean(),
  }),
  isShared: fc.boolean(),
  isInStore: fc.boolean(),
});
