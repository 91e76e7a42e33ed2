// Whether a file that was patched in place is whole, and whether what it refers to is there.

import { isInside } from "../../base/path.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { oddHeader } from "../../files/kind/odd-headers.ts";
import { programOf } from "../../linker/solve/resolve.ts";
import type { FoundInPlace } from "../../patch/in-place/read-in-place.ts";
import { inspectLoad } from "../../planning/what-loads/inspected-load.ts";
import { readRunPath } from "../../planning/what-loads/reference.ts";
import { whatLoads } from "../../planning/what-loads/what-loads.ts";
import type { FoundIssue } from "./verify-report.ts";
import type { Run, Verified } from "./verify-wrapped.ts";

/** Looks at one file, which `current` reads. Throws ElfError where it is damaged. */
export function verifyInPlace(current: ElfFile, found: FoundInPlace, path: string, run: Run): Verified {
  if (found.unwritten.length > 0) {
    return { issues: [{ kind: "wrapping-unfinished", path, before: "in-place" }], load: undefined };
  }
  const { index, storeDirectory } = run;
  const program = programOf(current, path, run);
  const gone = (entries: ReturnType<typeof readRunPath>): readonly FoundIssue[] =>
    entries
      .filter(({ text, isThere }) => !isThere && isInside(text, storeDirectory))
      .map(({ text }) => ({ kind: "run-path-entry-gone", path, entry: text }));
  if (found.record.interpreter === undefined) {
    // Which process will open it is not known: what it names can be looked for, not what it finds.
    const { facts, origin } = program;
    return {
      issues: gone(readRunPath(facts.runpath ?? facts.rpath ?? "", { index, origin, interpreter: undefined })),
      load: undefined,
    };
  }
  const defect = oddHeader(current, "in-place");
  if (defect !== undefined) return { issues: [{ kind: "odd-header", path, defect }], load: undefined };
  const { installed, issues } = whatLoads({
    elf: current,
    path,
    program,
    original: found,
    leftAlone: undefined,
    question: "as-it-is",
    surroundings: undefined,
    linkerAt: run.linkerAt,
  });
  if (installed === undefined) return { issues, load: undefined };
  const { load, issues: missed } = inspectLoad(installed, run);
  return { issues: [...issues, ...gone(load.runPath), ...missed], load };
}
