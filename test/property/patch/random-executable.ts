// Random executables of every architecture, most of which can be wrapped, and random ways to wrap them.

import fc from "fast-check";
import { type Architecture, architectures } from "../../../src/patch/architecture/architectures.ts";
import type { Naming } from "../../../src/patch/blobs.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";
import { buildElf, type ElfSpec } from "../../support/elf/elf-builder.ts";

/** The machine, class and byte order of an architecture. */
export function formatOf({ machine, elfClass, byteOrder }: Architecture): ElfSpec {
  return { machine, elfClass, byteOrder };
}

/** Code, with texts in it that stand in stubs; some of it fills the last page except a few bytes. */
const code = fc
  .tuple(
    fc.uint8Array({ minLength: 8, maxLength: 1200 }),
    fc.constantFrom("", "cannot load ", ".wrapbuddy\0", "/x/.tool.wrapbuddy\0cannot load "),
    fc.nat(7),
    fc.option(fc.nat(300)),
  )
  .map(([bytes, text, at, unfilled]) => {
    const all = [...bytes.subarray(0, at), ...Buffer.from(text), ...bytes.subarray(at)];
    const filling = unfilled === null ? 0 : 4096 - unfilled - all.length;
    return Uint8Array.from([...Array(filling).fill(0x90), ...all]);
  });

export interface RandomExecutable {
  readonly architecture: Architecture;
  readonly spec: ElfSpec;
  readonly name: string;
  readonly mode: number;
  /** The entry point has the architecture's entry flags: on arm, Thumb. */
  readonly isFlagged: boolean;
}

/** Its bytes. */
export function bytesOf({ architecture, spec, isFlagged }: RandomExecutable): Uint8Array {
  const { bytes } = buildElf(spec);
  // e_entry is at 0x18 in both classes; its lowest bit is in the last byte of a big-endian file's.
  const lowest = 0x18 + (architecture.byteOrder === "little" ? 0 : architecture.elfClass / 8 - 1);
  if (isFlagged) bytes[lowest] = (bytes[lowest] ?? 0) | Number(architecture.entryFlags);
  return bytes;
}

export const randomExecutable = (architecture: Architecture): fc.Arbitrary<RandomExecutable> =>
  fc
    .record({
      isFlagged: fc.boolean(),
      type: fc.constantFrom(2, 3),
      code,
      entry: fc.oneof(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.double({ min: 0.9, max: 1, maxExcluded: true, noNaN: true }),
      ),
      nullSlots: fc.integer({ min: 1, max: 6 }),
      runpath: fc.option(fc.constantFrom("$ORIGIN/../lib", "/nonexistent:/usr/lib"), { freq: 1 }),
      rpath: fc.option(fc.constantFrom("$ORIGIN", "/opt/lib"), { freq: 1 }),
      programHeaderSegment: fc.boolean(),
      pageSize: fc.constantFrom(0x1000, 0x1000, 0x10000),
      sections: fc.boolean(),
      payload: fc.option(fc.uint8Array({ maxLength: 300 })),
      notes: fc.boolean(),
      needed: fc.subarray(["libc.so.6", "libm.so.6", "libabsent.so.1"]),
      name: fc.constantFrom("tool", "a b", "x".repeat(200), "ü", "new\nline", "$ORIGIN"),
      mode: fc.constantFrom(0o755, 0o555, 0o700, 0o4755),
    })
    .map(({ code: bytes, entry, runpath, rpath, payload, notes, name, mode, isFlagged, type, ...rest }) => ({
      architecture,
      name,
      mode,
      isFlagged,
      spec: {
        ...formatOf(architecture),
        ...rest,
        type,
        // A position-independent one without does not start.
        programHeaderSegment: rest.programHeaderSegment || type === 3,
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

/** How the stub finds its sidecar, and where the loader is; or in place, without either. */
export interface Layout {
  readonly naming: Naming | "in place";
  readonly isShared: boolean;
}

const withStub = (["absolute", "beside"] as const).flatMap((naming) =>
  [false, true].map((isShared): Layout => ({ naming, isShared })),
);

/** Every layout of every architecture. */
export const layouts: readonly (Layout & { readonly architecture: Architecture })[] = architectures.flatMap(
  (architecture) =>
    [...withStub, { naming: "in place", isShared: false } as const].map((layout) => ({ architecture, ...layout })),
);

const request = fc.record({
  runtimeDependencies: fc.subarray(["/run/opengl-driver/lib", "/opt/other/lib"]),
  appendRunPath: fc.subarray(["/last"]),
  runPathMode: fc.constantFrom("auto", "runpath", "rpath"),
  pin: fc.constantFrom("never", "always"),
  ignoreExistingRunPath: fc.boolean(),
});

/** A way with this layout; outside the store it is beside /proc/self/exe without being asked for. */
export function randomWay({ naming, isShared }: Layout): fc.Arbitrary<RandomWay> {
  const form = naming === "in place" ? "in-place" : "stub";
  const isInStore = naming === "absolute" ? fc.constant(true) : fc.boolean();
  const relocatable = naming !== "beside" ? fc.constant(false) : fc.boolean();
  return fc
    .record({ request, isInStore, relocatable })
    .map(({ request: rest, isInStore: inStore, relocatable: asked }) => ({
      request: { ...rest, form, relocatable: naming === "beside" && (asked || inStore) },
      isShared,
      isInStore: inStore,
    }));
}

/** A way with any layout. */
export const anyWay: fc.Arbitrary<RandomWay> = fc
  .record({ naming: fc.constantFrom("absolute", "beside", "in place"), isShared: fc.boolean() })
  .chain(randomWay);
