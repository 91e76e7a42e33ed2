// Whole executables with what they need to be wrapped: generated ones of every machine, class and byte order, and compiled
// ones.

import { readFileSync } from "node:fs";
import { type Architecture, architectures } from "../../../src/patch/architecture/architectures.ts";
import { compile, helloSource, lld, type Source } from "../../support/compiled/compile.ts";
import { buildElf, type ElfSpec } from "../../support/elf/elf-builder.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** An executable and its libraries, by name, all in one directory. */
export interface Seed {
  readonly name: string;
  /** Undefined where there are no blobs for it. */
  readonly architecture: string | undefined;
  readonly tool: Uint8Array;
  /** The name of its dynamic linker, which is one of the libraries. */
  readonly linker: string;
  readonly libraries: { readonly [name: string]: Uint8Array };
}

type Format = Pick<ElfSpec, "machine" | "elfClass" | "byteOrder">;

const linkerNames = { glibc: "ld-linux.so.2", musl: "ld-musl-x86_64.so.1" } as const;

function librariesFor(format: Format, cLibrary: "glibc" | "musl"): Seed["libraries"] {
  const linker = linkerNames[cLibrary];
  const library = (spec: ElfSpec) => buildElf({ ...format, interpreter: null, ...spec }).bytes;
  const debug = { name: cLibrary === "musl" ? "_dl_debug_addr" : "_r_debug", value: 0x10n };
  const needed = [cLibrary === "musl" ? "libc.so" : "libc.so.6"];
  const versions = ["GLIBC_2.2.5", "GLIBC_2.17", "GLIBC_2.34"];
  return {
    [linker]: library({ soname: linker, symbols: [debug], hash: "both" }),
    "libc.so.6": library({ soname: "libc.so.6", versionDefinitions: ["libc.so.6", ...versions] }),
    "libc.so": library({ soname: "libc.so" }),
    "libone.so": library({
      soname: "libone.so",
      needed: ["libtwo.so", ...needed],
      runpath: "$ORIGIN",
      versionNeeds: [{ file: "libc.so.6", versions: [{ name: "GLIBC_2.17" }] }],
    }),
    "libtwo.so": library({ soname: "libtwo.so", needed, nullSlots: 3 }),
    // A plug-in: what it needs, plug-in.ts puts where no dynamic linker looks.
    "libthree.so": library({ soname: "libthree.so", needed: ["libfar.so", ...needed], nullSlots: 3 }),
  };
}

function generated(name: string, architecture: string | undefined, format: Format, spec: ElfSpec): Seed {
  const tool = buildElf({
    ...format,
    interpreter: "/lib/ld-linux.so.2",
    needed: ["libone.so", "libc.so.6"],
    versionNeeds: [{ file: "libc.so.6", versions: [{ name: "GLIBC_2.34" }, { name: "GLIBC_2.2.5", isWeak: true }] }],
    versionDefinitions: ["tool", "TOOL_1"],
    imports: ["puts"],
    symbols: [
      { name: "alpha", value: 0x10n },
      { name: "beta", value: 0x20n },
    ],
    notes: [
      { name: "GNU", type: 3, description: Uint8Array.of(1, 2, 3, 4) },
      { name: "FDO", type: 0x407c0c0a, description: Buffer.from('[{"soname":["libtwo.so"],"priority":"suggested"}]') },
    ],
    nullSlots: 5,
    ...spec,
  });
  return {
    name,
    architecture,
    tool: tool.bytes,
    linker: linkerNames.glibc,
    libraries: librariesFor(format, "glibc"),
  };
}

/** One for each architecture, each of another shape. */
const shapes: readonly ElfSpec[] = [
  { runpath: "$ORIGIN/../lib:/opt/lib", hash: "both" },
  { rpath: "$ORIGIN", hash: "sysv", type: 2 },
  { noteAlign: 8, code: new Uint8Array(4000).fill(0x90), entryOffset: 3800 },
  { type: 2, programHeaderSegment: false, payload: new Uint8Array(300).fill(7) },
  { sections: false, code: new Uint8Array(100).fill(1) },
  { type: 2, entryOffset: 400, nullSlots: 1 },
  { hash: "gnu", pageSize: 0x1000, runpath: "/absent" },
  { soname: "tool", flags1: 0x0800_0000n },
];

const formatOf = ({ machine, elfClass, byteOrder }: Architecture): Format => ({ machine, elfClass, byteOrder });

/** Class and byte order that no architecture has: these are read, and never wrapped. */
const unsupported: readonly (readonly [name: string, format: Format])[] = [
  ["powerpc", { machine: 20, elfClass: 32, byteOrder: "big" }],
  ["big-endian aarch64", { machine: 183, elfClass: 64, byteOrder: "big" }],
  ["x32", { machine: 62, elfClass: 32, byteOrder: "little" }],
];

export function generatedSeeds(): readonly Seed[] {
  return [
    ...architectures.map((architecture, index) =>
      generated(architecture.name, architecture.name, formatOf(architecture), shapes[index % shapes.length] ?? {}),
    ),
    ...unsupported.map(([name, format]) => generated(name, undefined, format, {})),
  ];
}

const compiled: readonly (readonly [name: string, architecture: string, source: Source])[] = [
  ["gcc", "x86_64", { files: helloSource }],
  ["gcc, stripped", "x86_64", { files: helloSource, flags: ["-O2", "-s"] }],
  ["gcc, noseparate-code", "x86_64", { files: helloSource, flags: ["-O2", "-s", "-Wl,-z,noseparate-code"] }],
  ["gcc, no PIE", "x86_64", { files: helloSource, flags: ["-O2", "-s", "-no-pie", "-Wl,--hash-style=both"] }],
  ["lld", "x86_64", { files: helloSource, compiler: lld.compiler, flags: [...lld.flags, "-s"] }],
  ["musl", "x86_64", { files: helloSource, compiler: "musl-gcc", flags: ["-O2", "-s"] }],
  ["i386", "i386", { files: helloSource, compiler: "i686-linux-gnu-gcc", flags: ["-O2", "-s"] }],
  ["aarch64", "aarch64", { files: helloSource, compiler: "aarch64-linux-gnu-gcc", flags: ["-O2", "-s"] }],
];

/** Compiled on this machine, or taken from the cache. */
export async function compiledSeeds(): Promise<readonly Seed[]> {
  const directory = temporaryDirectory();
  return Promise.all(
    compiled.map(async ([name, architecture, source], index) => {
      const row = architectures.find((one) => one.name === architecture);
      if (row === undefined) throw new Error(`no architecture ${architecture}`);
      const path = await compile(`${directory}/${index}`, source);
      const cLibrary = name === "musl" ? "musl" : "glibc";
      return {
        name,
        architecture,
        tool: Uint8Array.from(readFileSync(path)),
        linker: linkerNames[cLibrary],
        libraries: librariesFor(formatOf(row), cLibrary),
      };
    }),
  );
}
