// The forms of a wrapped executable: how it is linked, and how it finds its sidecar and its libraries.

import { lld } from "../../support/compile.ts";

export type Architecture = "x86_64" | "i386";

export interface Form {
  readonly architecture: Architecture;
  readonly compilers: { readonly c: string; readonly cc: string };
  readonly flags: readonly string[];
  /** Arguments of the command line. */
  readonly args: readonly string[];
}

const gcc: Form = { architecture: "x86_64", compilers: { c: "gcc", cc: "g++" }, flags: [], args: [] };
const i386 = "i686-linux-gnu-gcc";

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
  "of i386": { ...gcc, architecture: "i386", compilers: { c: i386, cc: i386 } },
} as const satisfies { readonly [name: string]: Form };

export type FormName = keyof typeof forms;

export const x86_64Forms: readonly FormName[] = [
  "pinned",
  "not pinned",
  "beside /proc/self/exe",
  "with its dynamic array moved",
  "without position independence",
];

/** Those that gcc makes with GNU ld. */
export const gccForms: readonly FormName[] = x86_64Forms.filter((name) => name !== "with its dynamic array moved");

export const allForms: readonly FormName[] = [...x86_64Forms, "of i386"];

interface NativeSystem {
  /** Makes libraries. */
  readonly compilers: Form["compilers"];
  /** What compilers bring along and programs need. */
  readonly compilerLibraries: readonly string[];
  /** Where a program says that its dynamic linker is. */
  readonly interpreterDirectory: string;
  /** Below /lib and /usr/lib, where Debian's dynamic linker looks for libraries. */
  readonly libraryDirectory: string;
}

export const nativeSystems: { readonly [name in Architecture]: NativeSystem } = {
  x86_64: {
    compilers: gcc.compilers,
    compilerLibraries: ["gcc_s.so.1", "stdc++.so.6", "asan.so.8", "tsan.so.2", "ubsan.so.1"].map(
      (name) => `/usr/lib/x86_64-linux-gnu/lib${name}`,
    ),
    interpreterDirectory: "/lib64",
    libraryDirectory: "x86_64-linux-gnu",
  },
  i386: {
    compilers: { c: i386, cc: i386 },
    compilerLibraries: ["/usr/i686-linux-gnu/lib/libgcc_s.so.1"],
    interpreterDirectory: "/lib",
    libraryDirectory: "i386-linux-gnu",
  },
};
