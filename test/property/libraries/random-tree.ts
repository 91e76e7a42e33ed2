// Random trees of libraries as data: what fast-check draws and shrinks, and how it is written to disk.

import fc from "fast-check";
import type { ElfSpec } from "../../support/elf/elf-spec.ts";
import type { LibraryTree } from "../../support/simulated/library-tree.ts";

const directories = ["a", "b", "b/deep", "c", "bin"] as const;
const names = ["libp.so", "libq.so.1", "libr.so.2", "libs.so", "libt.so.1", "libu.so"] as const;

/** A run path entry, written in one of the ways that programs have them. */
type PathEntry =
  | { readonly form: "absolute" | "origin" | "braces" | "trailing slashes" | "dotted"; readonly directory: string }
  | { readonly form: "nowhere" | "empty" | "relative" | "unknown token" | "literal dollar" };

type Needed =
  | { readonly form: "name"; readonly name: string }
  | { readonly form: "absolute" | "origin" | "relative"; readonly directory: string; readonly name: string }
  | { readonly form: "libc" | "linker" | "missing" };

interface Links {
  readonly needed: readonly Needed[];
  readonly rpath: readonly PathEntry[] | undefined;
  readonly runpath: readonly PathEntry[] | undefined;
  readonly isWithoutDefaults: boolean;
}

/**
 * What the file really is. ld.so goes past the first two bad ones and stops at the others. At another byte order glibc
 * stops too, and Debian's glibc, which is the one at hand, does not.
 */
type Variant = "good" | "other machine" | "other class" | "text" | "empty" | "other system";

interface RandomLibrary extends Links {
  readonly directory: string;
  readonly name: string;
  readonly soname: "same" | "none" | (typeof names)[number];
  readonly variant: Variant;
}

export interface RandomTree {
  readonly executable: Links & { readonly soname: string | undefined };
  readonly libraries: readonly RandomLibrary[];
  readonly links: readonly { readonly directory: string; readonly name: string; readonly to: number }[];
  readonly directoryLinks: readonly { readonly name: string; readonly to: string }[];
}

const directory = fc.constantFrom(...directories, "alias");
const name = fc.constantFrom(...names);

const pathEntry: fc.Arbitrary<PathEntry> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      form: fc.constantFrom("absolute", "origin", "braces", "trailing slashes", "dotted"),
      directory,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ form: fc.constantFrom("nowhere", "empty", "relative", "unknown token", "literal dollar") }),
  },
);

const needed: fc.Arbitrary<Needed> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ form: fc.constant("name"), name }) },
  { weight: 1, arbitrary: fc.record({ form: fc.constantFrom("absolute", "origin", "relative"), directory, name }) },
  { weight: 2, arbitrary: fc.record({ form: fc.constantFrom("libc", "linker", "missing") }) },
);

const path = fc.array(pathEntry, { minLength: 1, maxLength: 5, size: "max" });

/** A run path under one tag, under both, or none. */
function runPaths(weights: {
  readonly rpath: number;
  readonly runpath: number;
  readonly both: number;
  readonly none: number;
}) {
  const none = fc.constant(undefined);
  return fc.oneof(
    { weight: weights.rpath, arbitrary: fc.record({ rpath: path, runpath: none }) },
    { weight: weights.runpath, arbitrary: fc.record({ rpath: none, runpath: path }) },
    { weight: weights.both, arbitrary: fc.record({ rpath: path, runpath: fc.array(pathEntry, { maxLength: 3 }) }) },
    { weight: weights.none, arbitrary: fc.record({ rpath: none, runpath: none }) },
  );
}

const isWithoutDefaults = fc.oneof(
  { weight: 9, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

/** The two halves of an object put together. */
function merged<A, B>(first: fc.Arbitrary<A>, second: fc.Arbitrary<B>): fc.Arbitrary<A & B> {
  return fc.tuple(first, second).map(([a, b]) => ({ ...a, ...b }));
}

/** Random trees; most needed entries of the executable are there to be found. */
export const randomTree: fc.Arbitrary<RandomTree> = fc.noBias(
  fc.record({
    executable: merged(
      runPaths({ rpath: 4, runpath: 4, both: 1, none: 1 }),
      fc.record({
        isWithoutDefaults,
        needed: fc.array(needed, { minLength: 1, maxLength: 5, size: "max" }),
        soname: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: name }),
      }),
    ),
    libraries: fc.uniqueArray(
      merged(
        runPaths({ rpath: 1, runpath: 2, both: 1, none: 3 }),
        fc.record({
          isWithoutDefaults,
          needed: fc.array(needed, { maxLength: 4 }),
          directory: fc.constantFrom(...directories),
          name,
          soname: fc.oneof(
            { weight: 6, arbitrary: fc.constant("same" as const) },
            { weight: 1, arbitrary: fc.constant("none" as const) },
            { weight: 1, arbitrary: name },
          ),
          variant: fc.oneof(
            { weight: 24, arbitrary: fc.constant<Variant>("good") },
            { weight: 4, arbitrary: fc.constantFrom<Variant>("other machine", "other class") },
            { weight: 1, arbitrary: fc.constantFrom<Variant>("text", "empty", "other system") },
          ),
        }),
      ),
      { minLength: 6, maxLength: 26, size: "max", selector: (library) => `${library.directory}/${library.name}` },
    ),
    links: fc.array(fc.record({ directory: fc.constantFrom(...directories), name, to: fc.nat(20) }), { maxLength: 3 }),
    directoryLinks: fc.constantFrom([{ name: "alias", to: "a" }], [{ name: "alias", to: "b/deep" }], []),
  }),
);

function entryText(entry: PathEntry, tree: LibraryTree, from: string): string {
  switch (entry.form) {
    case "absolute":
      return tree.at(entry.directory);
    case "origin":
    case "braces": {
      const up = from
        .split("/")
        .map(() => "..")
        .join("/");
      return `${entry.form === "origin" ? "$ORIGIN" : "${ORIGIN}"}/${up}/${entry.directory}`;
    }
    case "trailing slashes":
      return `${tree.at(entry.directory)}//`;
    case "dotted":
      return `${tree.root}/./c/../${entry.directory}`;
    case "nowhere":
      return tree.at("no-such-directory");
    case "empty":
      return "";
    case "relative":
      return "a";
    case "unknown token":
      return `${tree.root}/$NOTHING/a`;
    case "literal dollar":
      return `${tree.root}/$ORIGINAL`;
    default:
      return entry satisfies never;
  }
}

function neededText(entry: Needed, tree: LibraryTree, from: string, platform: Platform): string {
  switch (entry.form) {
    case "name":
      return entry.name;
    case "absolute":
      return tree.at(`${entry.directory}/${entry.name}`);
    case "origin":
      return `$ORIGIN/${from
        .split("/")
        .map(() => "..")
        .join("/")}/${entry.directory}/${entry.name}`;
    case "relative":
      return `no-such-directory/${entry.name}`;
    case "libc":
      return platform.libc;
    case "linker":
      return platform.linkerName;
    case "missing":
      return "libmissing.so.9";
    default:
      return entry satisfies never;
  }
}

export function specOf(links: Links, tree: LibraryTree, from: string, platform = x86_64) {
  const path = (entries: readonly PathEntry[] | undefined) =>
    entries?.map((entry) => entryText(entry, tree, from)).join(":");
  const rpath = path(links.rpath);
  const runpath = path(links.runpath);
  return {
    needed: links.needed.map((entry) => neededText(entry, tree, from, platform)),
    ...(rpath === undefined ? {} : { rpath }),
    ...(runpath === undefined ? {} : { runpath }),
    ...(links.isWithoutDefaults ? { flags1: 0x800n } : {}),
  };
}

/** The kind of processor that a tree is for. */
export interface Platform {
  readonly good: ElfSpec;
  readonly otherClass: ElfSpec;
  /** Absolute. */
  readonly linker: string;
  /** What a library needs of it, and of the C library. */
  readonly linkerName: string;
  readonly libc: string;
}

export const x86_64: Platform = {
  good: { elfClass: 64, machine: 62 },
  otherClass: { elfClass: 32, machine: 3 },
  linker: "/lib64/ld-linux-x86-64.so.2",
  linkerName: "ld-linux-x86-64.so.2",
  libc: "libc.so.6",
};

/** The same processor with libraries for musl, which goes by two names. The executables are started by it in any case. */
export const muslOnX86_64: Platform = { ...x86_64, linkerName: "libc.musl-x86_64.so.1", libc: "libc.so" };

export const i386: Platform = {
  good: x86_64.otherClass,
  otherClass: x86_64.good,
  linker: "/lib/ld-linux.so.2",
  linkerName: "ld-linux.so.2",
  libc: "libc.so.6",
};

function variantSpec(variant: Exclude<Variant, "text" | "empty">, platform: Platform): ElfSpec {
  switch (variant) {
    case "good":
      return platform.good;
    case "other machine":
      return { ...platform.good, machine: platform.good.elfClass === 64 ? 183 : 40 };
    case "other class":
      return platform.otherClass;
    case "other system":
      return { ...platform.good, osAbi: 9 };
    default:
      return variant satisfies never;
  }
}

/** Writes the tree; returns the executable's path. */
export function writeRandomTree(random: RandomTree, tree: LibraryTree, platform = x86_64): string {
  for (const one of directories) tree.directory(one);
  const written = random.libraries.map((library) => {
    const path = `${library.directory}/${library.name}`;
    if (library.variant === "text" || library.variant === "empty") {
      tree.text(path, library.variant === "text" ? "INPUT(libc.so.6)\n" : "");
      return library;
    }
    tree.library(path, {
      ...specOf(library, tree, library.directory, platform),
      ...(library.soname === "same" ? {} : { soname: library.soname === "none" ? null : library.soname }),
      ...variantSpec(library.variant, platform),
    });
    return library;
  });
  for (const link of random.links) {
    const target = written[link.to % written.length];
    const place = `${link.directory}/${link.name}`;
    if (target === undefined || written.some(({ directory: d, name: n }) => `${d}/${n}` === place)) continue;
    const isTaken = random.links
      .slice(0, random.links.indexOf(link))
      .some((other) => `${other.directory}/${other.name}` === place);
    if (!isTaken) tree.link(place, tree.at(`${target.directory}/${target.name}`));
  }
  for (const link of random.directoryLinks) tree.link(link.name, link.to);
  const { soname } = random.executable;
  return tree.executable("bin/program", {
    ...specOf(random.executable, tree, "bin", platform),
    ...platform.good,
    interpreter: platform.linker,
    ...(soname === undefined ? {} : { soname }),
  });
}
