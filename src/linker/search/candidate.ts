// One file with the right name: can it be loaded?

import type { ElfIdentity } from "../../elf/elf-file.ts";
import { type Refusal, refusalOf } from "../interpreter/identity.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import { madeFor } from "../interpreter/made-for.ts";
import type { ObjectFacts } from "../load/object-facts.ts";
import type { LibraryFile, LibraryIndex } from "./library-index.ts";

export type Candidate =
  | { readonly kind: "library"; readonly file: LibraryFile }
  | { readonly kind: "absent" }
  /** `endsList`: glibc does not look at the rest of this list of directories, but at the next list. */
  | {
      readonly kind: "refused";
      readonly refusal: Refusal;
      readonly endsList: boolean;
    };

/**
 * What glibc makes of the file at `path`, for a process of the `wanted` identity. Source: glibc elf/dl-load.c,
 * open_verify. One that was made for another C library than the interpreter's is refused as well: a dynamic linker does
 * take it, and nothing that comes later.
 */
export function openCandidate(
  { index, interpreter }: { readonly index: LibraryIndex; readonly interpreter: Pick<Interpreter, "cLibrary"> },
  wanted: ElfIdentity,
  path: string,
): Candidate {
  const finding = index.open(path);
  switch (finding.kind) {
    case "absent":
      return finding;
    case "not-elf":
      return refused({ reason: "not-elf", stopsLoad: true });
    case "damaged":
      return refused((finding.header && refusalOf(wanted, finding.header)) ?? { reason: "damaged", stopsLoad: true });
    case "unreadable":
      return {
        kind: "refused",
        refusal: { reason: "unreadable", stopsLoad: finding.effect === "stop" },
        endsList: finding.effect !== "next-directory",
      };
    case "elf": {
      const refusal = refusalOf(wanted, finding.file.header);
      if (refusal !== undefined) return refused(refusal);
      const other = otherCLibrary(finding.file.facts, interpreter);
      return other === undefined ? { kind: "library", file: finding.file } : refused(other);
    }
    default:
      return finding satisfies never;
  }
}

function refused(refusal: Refusal): Candidate {
  return { kind: "refused", refusal, endsList: refusal.stopsLoad };
}

/** Why a library with these facts is not for the interpreter's processes; undefined where nothing says so. */
export function otherCLibrary(
  facts: Pick<ObjectFacts, "needed" | "versionNeeds">,
  { cLibrary }: Pick<Interpreter, "cLibrary">,
): Refusal | undefined {
  const made = madeFor(facts);
  return made === undefined || made === cLibrary ? undefined : { reason: `for-${made}`, stopsLoad: true };
}
