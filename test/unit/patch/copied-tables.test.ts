import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseElf } from "../../../src/elf/file.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { copiedTablesLimit, copiedTablesSize } from "../../../src/patch/copied-tables.ts";
import { type Planned, planFile } from "../../../src/patch/plan.ts";
import { buildElf } from "../../support/elf-builder.ts";
import { createSmallStore } from "../../support/small-store.ts";

const names = (count: number, size: number) => Array.from({ length: count }, () => Buffer.alloc(size, "n"));

describe("the copies of program headers and dynamic array", () => {
  it("have room for each header, each entry, DT_RUNPATH, DT_NULL, and a name in every byte of the names", () => {
    for (const elfClass of [32, 64] as const) {
      const elf = parseElf(bufferSource(buildElf({ elfClass, needed: ["libc.so.6"] }).bytes));
      const entries = elf.dynamic()?.entries.length ?? 0;
      const [headerSize, entrySize] = elfClass === 64 ? [56, 16] : [32, 8];
      expect(copiedTablesSize(elf, { needed: names(2, 9), firstNeeded: names(1, 4) })).toBe(
        elf.programHeaders.length * headerSize + (entries + 25 + 2) * entrySize,
      );
    }
  });

  it("may be as large as the loader's memory for them", () => {
    const header = readFileSync(new URL("../../../native/loader/loader.h", import.meta.url), "utf8");
    expect(header).toContain("#define COPY_SIZE ((word)3 << 19)");
    expect(copiedTablesLimit).toBe(3 * 2 ** 19);
  });
});

describe("a plan", () => {
  const store = createSmallStore();
  const path = store.executable("bundle/tool", { needed: ["libc.so.6"], code: Buffer.alloc(1024, 0x90) });
  const current = parseElf(bufferSource(readFileSync(path)));

  function plan(neededFirst: readonly string[]): Planned {
    return planFile({
      path,
      names: [path],
      mode: 0o755,
      hasOtherNames: false,
      current,
      original: { kind: "unwrapped" },
      interpreter: store.interpreter("glibc/lib/ld-linux-x86-64.so.2"),
      resolution: { ...store.resolve(path), neededFirst },
      relocatable: true,
      storeDirectory: store.root,
    });
  }

  it("is made while they fit, and not for a list of names with which they could be larger", () => {
    expect(plan(Array(900).fill("n".repeat(100))).kind).toBe("plan");
    expect(plan(Array(1000).fill("n".repeat(100)))).toMatchObject({
      kind: "impossible",
      issue: {
        kind: "field-too-long",
        path,
        field: "copy of program headers and dynamic array",
        limit: copiedTablesLimit,
      },
    });
  });
});
