// The forms of a wrapped executable: how it is linked, and how it finds its sidecar and its libraries.

import { lld } from "../../support/compiled/compile.ts";

/** What a program is made for. */
export type SystemName = "x86_64" | "i386" | "musl";

export interface Form {
  readonly system: SystemName;
  readonly compilers: { readonly c: string; readonly cc: string };
  readonly flags: readonly string[];
  /** Arguments of the command line. */
  readonly args: readonly string[];
}

const gcc: Form = { system: "x86_64", compilers: { c: "gcc", cc: "g++" }, flags: [], args: [] };
const i386 = { c: "i686-linux-gnu-gcc", cc: "i686-linux-gnu-g++" };
const musl = { c: "musl-gcc", cc: "musl-g++" };

export const forms = {
  pinned: gcc,
  "not pinned": { ...gcc, args: ["--no-pin"] },
  "beside /proc/self/exe": { ...gcc, args: ["--relocatable"] },
  "with its dynamic array moved": {
    ...gcc,
    compilers: { c: lld.compiler, cc: "clang++-19" },
    flags: ["--ld-path=/usr/bin/ld.lld-19"],
  },
  "without position independence": { ...gcc, flags: ["-no-pie"] },
  "in place": { ...gcc, args: ["--form", "in-place"] },
  "of i386": { ...gcc, system: "i386", compilers: i386 },
  "with musl": { ...gcc, system: "musl", compilers: musl },
  "in place, with musl": { ...gcc, system: "musl", compilers: musl, args: ["--form", "in-place"] },
  "with musl, its dynamic array moved": {
    ...gcc,
    system: "musl",
    compilers: musl,
    flags: ["-fuse-ld=lld", "-B/usr/lib/llvm-19/bin"],
    args: ["--relocatable"],
  },
} as const satisfies { readonly [name: string]: Form };

export type FormName = keyof typeof forms;

export const x86_64Forms: readonly FormName[] = [
  "pinned",
  "not pinned",
  "beside /proc/self/exe",
  "with its dynamic array moved",
  "without position independence",
  "in place",
];

/** Those that gcc makes with GNU ld. */
export const gccForms: readonly FormName[] = x86_64Forms.filter((name) => name !== "with its dynamic array moved");

export const allForms: readonly FormName[] = [...x86_64Forms, "of i386"];

/** For programs that musl compiles and starts too. */
export const portableForms: readonly FormName[] = [
  ...allForms,
  "with musl",
  "in place, with musl",
  "with musl, its dynamic array moved",
];

interface System {
  /** Makes libraries. */
  readonly compilers: Form["compilers"];
  /** The dynamic linker as a program names it. */
  readonly interpreter: string;
  /** What compilers bring along and programs need. */
  readonly compilerLibraries: readonly string[];
  /** Where the C library's dynamic linker looks for that, and for the C library. */
  readonly compilerDirectory: string;
  readonly libraryDirectory: string;
}

export const systems: { readonly [name in SystemName]: System } = {
  x86_64: {
    compilers: gcc.compilers,
    interpreter: "/lib64/ld-linux-x86-64.so.2",
    compilerLibraries: ["gcc_s.so.1", "stdc++.so.6", "asan.so.8", "tsan.so.2", "ubsan.so.1"].map(
      (name) => `/usr/lib/x86_64-linux-gnu/lib${name}`,
    ),
    compilerDirectory: "/usr/lib/x86_64-linux-gnu",
    libraryDirectory: "/lib/x86_64-linux-gnu",
  },
  i386: {
    compilers: i386,
    interpreter: "/lib/ld-linux.so.2",
    compilerLibraries: ["/usr/i686-linux-gnu/lib/libgcc_s.so.1"],
    compilerDirectory: "/usr/lib/i386-linux-gnu",
    libraryDirectory: "/lib/i386-linux-gnu",
  },
  musl: {
    compilers: musl,
    interpreter: "/lib/ld-musl-x86_64.so.1",
    compilerLibraries: [],
    compilerDirectory: "/usr/local/lib",
    libraryDirectory: "/usr/lib",
  },
};
