// Everything that can be asked of an ELF file in memory, asked of a damaged one.

import type { ByteSource, ElfFile } from "../../../src/elf/elf-file.ts";
import { ElfError } from "../../../src/elf/error.ts";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { classify } from "../../../src/files/kind/eligibility.ts";
import { readObjectFacts } from "../../../src/linker/load/object-facts.ts";
import { architectureOf, architectures } from "../../../src/patch/architecture/architectures.ts";
import { copiedTablesSize } from "../../../src/patch/stub/copied-tables.ts";
import { findStub } from "../../../src/patch/stub/find-stub.ts";
import { findRoom } from "../../../src/patch/stub/placement.ts";
import { elfQuestions } from "../../support/elf/elf-questions.ts";

const questions: readonly ((elf: ElfFile) => unknown)[] = [
  ...elfQuestions("_r_debug"),
  (elf) => readObjectFacts(elf),
  (elf) => classify(elf, "/tool", { supported: architectures, storeDirectory: "/nix/store" }),
  (elf) => findStub(elf),
  (elf) => copiedTablesSize(elf),
  (elf) => room(elf, 200),
  (elf) => room(elf, 8000),
];

function room(elf: ElfFile, size: number): unknown {
  const architecture = architectureOf(elf.header);
  return architecture && findRoom(elf, architecture, size);
}

/** What reading a file took. */
export interface Reading {
  /** "refused" where not even the headers are read; otherwise how many of the questions were. */
  readonly kind: "refused" | "partly" | "whole";
  /** Calls for bytes, and bytes that they were given. */
  readonly reads: number;
  readonly bytes: number;
}

/** Asks everything. Throws what is not an ElfError. */
export function readAll(bytes: Uint8Array): Reading {
  let reads = 0;
  let asked = 0;
  const source = bufferSource(bytes);
  const counted: ByteSource = {
    size: source.size,
    read(offset, length, what) {
      reads += 1;
      const read = source.read(offset, length, what);
      asked += length;
      return read;
    },
  };
  const elf = answer(() => parseElf(counted));
  if (elf === undefined) return { kind: "refused", reads, bytes: asked };
  const answers = questions.map((question) => answer(() => ({ answer: question(elf) })));
  return { kind: answers.includes(undefined) ? "partly" : "whole", reads, bytes: asked };
}

function answer<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof ElfError) return undefined;
    throw error;
  }
}
