import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { planFile } from "../../../../src/patch/plan.ts";
import type { Planned } from "../../../../src/patch/plan-request.ts";
import { copiedTablesLimit, copiedTablesSize } from "../../../../src/patch/stub/copied-tables.ts";
import { buildElf, type ElfSpec } from "../../../support/elf/elf-builder.ts";
import { createSmallStore } from "../../../support/simulated/small-store.ts";

describe("the copies of program headers and dynamic array", () => {
  it("have room for each header, each entry, DT_RUNPATH and DT_NULL", () => {
    for (const elfClass of [32, 64] as const) {
      const elf = parseElf(bufferSource(buildElf({ elfClass, needed: ["libc.so.6"] }).bytes));
      const entries = elf.dynamic()?.entries.length ?? 0;
      const [headerSize, entrySize] = elfClass === 64 ? [56, 16] : [32, 8];
      expect(copiedTablesSize(elf)).toBe(elf.programHeaders.length * headerSize + (entries + 2) * entrySize);
    }
  });

  it("may be as large as the loader's memory for them", () => {
    const header = readFileSync(new URL("../../../../native/loader/loader.h", import.meta.url), "utf8");
    expect(header).toContain("#define COPY_FIXED_SIZE ((word)1 << 16)");
    expect(copiedTablesLimit).toBe(2 ** 16);
  });
});

describe("a plan", () => {
  const store = createSmallStore();

  function plan(name: string, spec: ElfSpec, neededFirst: readonly string[] = []): Planned {
    const path = store.executable(`bundle/${name}`, { code: Buffer.alloc(1024, 0x90), ...spec });
    return planFile({
      path,
      names: [path],
      mode: 0o755,
      hasOtherNames: false,
      current: parseElf(bufferSource(readFileSync(path))),
      original: { kind: "unwrapped" },
      interpreter: store.interpreter("glibc/lib/ld-linux-x86-64.so.2"),
      resolution: { ...store.resolve(path), neededFirst },
      relocatable: true,
      storeDirectory: store.root,
      isBuildOutput: false,
      passingPaths: new Set(),
    });
  }

  it("is made however many names are to be put first: the loader makes room for each", () => {
    expect(plan("tool", { needed: ["libc.so.6"] }, Array(1000).fill("n".repeat(100))).kind).toBe("plan");
  });

  it("is made while the tables fit, and not for a dynamic array with which they could be larger", () => {
    expect(plan("small", { needed: Array(3900).fill("libc.so.6") }).kind).toBe("plan");
    expect(plan("large", { needed: Array(4100).fill("libc.so.6") })).toMatchObject({
      kind: "impossible",
      issue: {
        kind: "field-too-long",
        field: "copy of program headers and dynamic array",
        limit: copiedTablesLimit,
      },
    });
  });
});
