// Foreign executables on this machine: those of development dependencies, and the corpus.

import { closeSync, existsSync, openSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readEntries } from "../../src/base/directory-entries.ts";
import { ElfError } from "../../src/elf/error.ts";
import { parseElf } from "../../src/elf/parse-elf.ts";
import { fileSource } from "../../src/elf/source.ts";
import { corpus, fetchPackage, packageDirectory } from "../support/foreign/corpus.ts";
import { repository } from "../support/repository.ts";
import { scale } from "./scale.ts";

export interface Executable {
  readonly name: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

const root = fileURLToPath(repository);

/** The C library's and gcc's: there is nothing else where they are started. */
const startedWith = /^(ld-linux-x86-64|lib(c|m|dl|rt|pthread|util|gcc_s|stdc\+\+))\.so\.[0-9]+$/;

/** Every x86_64 executable with glibc's interpreter that needs no other libraries, below a directory that npm has filled. */
function executablesIn(directory: string): readonly Executable[] {
  return readEntries(directory).flatMap(({ name, kind }) => {
    const path = join(directory, name);
    if (kind === "directory") return executablesIn(path);
    const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
    return kind === "file" && isForeign(path, size) ? [{ name: basename(path), path, size }] : [];
  });
}

function isForeign(path: string, size: number): boolean {
  const descriptor = openSync(path, "r");
  try {
    const elf = parseElf(fileSource(descriptor, size));
    const needed = elf.dynamic()?.needed ?? [];
    return (
      elf.header.machine === 62 &&
      elf.interpreter() === "/lib64/ld-linux-x86-64.so.2" &&
      needed.every((name) => startedWith.test(name))
    );
  } catch (error) {
    if (error instanceof ElfError) return false;
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** The executables that this project's development dependencies bring. */
export function dependencyExecutables(): readonly Executable[] {
  return executablesIn(join(root, "node_modules"));
}

/**
 * The largest executables that are here: of the corpus, which is fetched unless this is a trial, of the development
 * dependencies, and node itself. The largest first, each name once.
 */
export async function largestExecutables(): Promise<readonly Executable[]> {
  const measured = corpus.filter(({ isMeasured }) => isMeasured);
  if (scale.fetchesCorpus) {
    for (const entry of measured) {
      await fetchPackage(entry).catch((error: unknown) => {
        console.log(`${entry.package} is left out: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  }
  const own = { name: "node", path: process.execPath, size: statSync(process.execPath).size };
  const present = measured.map(packageDirectory).filter((directory) => existsSync(directory));
  const fetched = scale.fetchesCorpus ? present.flatMap(executablesIn) : [];
  const bySize = [...fetched, ...dependencyExecutables(), own].toSorted((a, b) => b.size - a.size);
  const names = bySize.map(({ name }) => name);
  return bySize.filter(({ name }, index) => names.indexOf(name) === index).slice(0, scale.largest);
}
