// What must hold of a plan before anything is written. A plan that fails here is a bug of this tool.

import { Buffer } from "node:buffer";
import type { ElfFile } from "../elf/elf-file.ts";
import type { Architecture } from "./architecture/architectures.ts";
import type { Edit, FilePlan } from "./file-plan.ts";
import { decodeSidecar } from "./sidecar/sidecar-codec.ts";
import { mayBeChanged } from "./stub/allowed-range.ts";
import { findStub } from "./stub/find-stub.ts";

/**
 * Throws when the two edits of an original file, or the sidecar, are not what they have to be: the saved bytes inside
 * one page-rounded executable segment, only p_type of one program header, a sidecar that reads back with the bytes
 * that the first edit replaces.
 */
export function verifyPlan(
  original: ElfFile,
  architecture: Architecture,
  plan: FilePlan,
  [entry, header]: readonly [Edit, Edit],
): void {
  const claim = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`the plan for ${plan.path} is wrong: ${what}`);
  };
  for (const edit of [entry, header]) {
    claim(edit.before.length === edit.after.length, `${edit.what} changes size`);
    const bytes = original.source.read(edit.offset, edit.before.length);
    claim(Buffer.from(bytes).equals(edit.before), `${edit.what} does not start from the original`);
  }
  claim(mayBeChanged(original, entry.offset, entry.after.length), "the stub leaves its segment");
  claim(findStub(original) === undefined, "a stub would be saved");
  claim(
    header.after.length === 4 && original.programHeaders.some(({ headerOffset }) => headerOffset === header.offset),
    "an edit outside the program headers",
  );
  const sidecar = decodeSidecar(architecture, plan.sidecar);
  claim(!("kind" in sidecar) && Buffer.from(entry.before).equals(sidecar.saved), "the sidecar does not read back");
}
