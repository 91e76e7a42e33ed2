// The `.note.dlopen` metadata: which libraries a program opens at run time, and how badly it wants them.
// zod/mini, because the whole of zod costs 20 ms at every start of the command, and this is read in every run.
// Source: the Linux Userspace API Group's "ELF .note.dlopen metadata" specification.

import * as z from "zod/mini";
import type { ElfFile } from "../../elf/elf-file.ts";
import { once } from "../../elf/once.ts";
import { readableNotes } from "../../elf/optional-parts.ts";

/** n_type of the note; its n_name is "FDO". */
const NT_FDO_DLOPEN_METADATA = 0x407c0c0a;

export interface DlopenNote {
  /** Names to try in order; one that opens is enough. */
  readonly sonames: readonly string[];
  readonly feature: string | undefined;
  readonly description: string | undefined;
  readonly priority: "required" | "recommended" | "suggested";
}

/** Made when the first note is there: making schemas takes 3 ms, and most files have none. */
const schemas = once(() => {
  /** What can be given to dlopen: a C string. */
  const name = z.string().check(
    z.minLength(1),
    z.refine((text) => !text.includes("\0")),
  );
  return {
    note: z.array(z.unknown()),
    /** An unknown priority counts as "recommended", which is the specification's default for a missing one. */
    entry: z.object({
      soname: z.array(name).check(z.minLength(1)),
      feature: z.optional(z.string()),
      description: z.optional(z.string()),
      priority: z.catch(z.enum(["required", "recommended", "suggested"]), "recommended"),
    }),
  };
});

/**
 * The entries of every such note, in file order. What is not JSON, or not of the specified shape, is left out: the
 * metadata is advice, and a program with a mistaken note still runs, as one with damaged notes does.
 */
export function readDlopenNotes(elf: ElfFile): readonly DlopenNote[] {
  return readableNotes(elf)
    .filter((note) => note.name === "FDO" && note.type === NT_FDO_DLOPEN_METADATA)
    .flatMap((note) => parseDescription(note.description));
}

function parseDescription(description: Uint8Array): readonly DlopenNote[] {
  // The text is padded with NULs to the note's alignment. No regular expression, which would try every NUL of a long run.
  let end = description.length;
  while (end > 0 && description[end - 1] === 0) end--;
  const text = new TextDecoder().decode(description.subarray(0, end));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [];
  }
  const list = schemas().note.safeParse(json);
  if (!list.success) return [];
  return list.data.flatMap((item) => {
    const entry = schemas().entry.safeParse(item);
    if (!entry.success) return [];
    const { soname, feature, description: text, priority } = entry.data;
    return [{ sonames: soname, feature, description: text, priority }];
  });
}
