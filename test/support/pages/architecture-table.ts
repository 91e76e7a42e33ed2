// README's table of architectures: sizes from the blobs, how each is tested from what tests run.

import { architectures } from "../../../src/patch/architecture/architectures.ts";
import { blobsOf, loaderFileOffset, type Stubs } from "../../../src/patch/blobs.ts";
import { type Machine, machines } from "../compiled/machines.ts";
import { fewWorks, foreign, manyWorks } from "../foreign/debian-programs.ts";

const heading = ["architecture", "stub, absolute path", "stub, beside /proc/self/exe", "loader", "tested"] as const;

/** The table's lines, without their end. Sizes in bytes, code and fixed strings. */
export function architectureTable(): string {
  const rows = architectures.map((architecture): readonly string[] => {
    const machine = machines.find(({ name }) => name === architecture.name);
    if (machine === undefined) throw new Error(`no tests of ${architecture.name}`);
    const { stubs, flaggedStubs, loaderFile } = blobsOf(architecture);
    const isNative = !foreign(machine);
    return [
      architecture.name,
      sizesOf("absolute", stubs, flaggedStubs),
      sizesOf("beside", stubs, flaggedStubs),
      String(loaderFile.length - loaderFileOffset),
      howTested(machine, isNative),
    ];
  });
  return [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function sizesOf(naming: keyof Stubs, stubs: Stubs, flagged: Stubs | undefined): string {
  return flagged === undefined
    ? `${stubs[naming].length}`
    : `${stubs[naming].length} (Thumb: ${flagged[naming].length})`;
}

function howTested(machine: Machine, isNative: boolean): string {
  if (isNative) return "natively and with qemu-user";
  const pages = machine.pageSizes.length === 0 ? "" : `, pages of ${machine.pageSizes.map(kilobytes).join(" and ")}`;
  const programs = fewWorks.length + manyWorks.length;
  return `qemu-user: programs linked by GNU ld and lld, ${programs} programs of Debian${pages}`;
}

function kilobytes(bytes: number): string {
  return `${bytes / 1024} KB`;
}
