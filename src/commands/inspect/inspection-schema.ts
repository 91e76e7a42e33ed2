// The shape of what `wrap-buddy inspect --json` prints, as zod schemas.

import * as z from "zod/mini";
import { address, path, provenanceSchemas, rejectionReason, size, skipReason } from "../../report/json/fields.ts";
import { issueSchema } from "../../report/json/issue-schema.ts";

const reference = z.object({
  text: z.string().check(z.describe("as written")),
  path: z
    .optional(path)
    .check(z.describe("what it means where the executable lies now; absent where that cannot be said")),
  isThere: z.boolean(),
});

const runPathTag = z.enum(["runpath", "rpath"]);
const priority = z.enum(["required", "recommended", "suggested"]);

const sidecarSchema = z.object({
  path,
  size,
  version: z.int(),
  naming: z.enum(["absolute", "beside"]).check(z.describe("how the executable finds it")),
  interpreter: reference,
  runPathTag: z.optional(runPathTag),
  runPath: z.array(reference),
  neededFirst: z.array(reference),
  neededLast: z.array(z.string()),
  savedOffset: size,
  savedAddress: address,
  savedSize: size,
  loader: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("in-sidecar"), size }),
    z.object({ kind: z.literal("shared"), loader: reference }),
  ]),
  isFinished: z.boolean().check(z.describe("false: the run that wrapped it was stopped before its last write")),
});

const stateSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("foreign") }),
  z.object({ kind: z.literal("wrapped"), sidecar: sidecarSchema }),
  z.object({
    kind: z.literal("in-place"),
    texts: z.object({
      offset: size,
      size,
      formerInterpreter: z.optional(path),
      isFinished: z.boolean().check(z.describe("false: the run was stopped before its last write")),
    }),
  }),
  z.object({ kind: z.literal("broken"), isInPlace: z.boolean() }),
  z.object({ kind: z.literal("left-alone"), reason: skipReason, detail: z.optional(z.string()) }),
]);

const objectSchema = z.object({
  name: z.string().check(z.describe("the needed entry that stands for it in the object that needs it")),
  path,
  soname: z.optional(z.string()),
  neededBy: z.optional(path).check(z.describe("absent for the file itself")),
  isAdded: z.boolean().check(z.describe("the needed entry is one that wrapping adds")),
  provenance: z.discriminatedUnion("kind", [...provenanceSchemas, z.object({ kind: z.literal("pinned") })]),
});

const loadSchema = z.object({
  view: z.enum(["as-it-is", "if-wrapped"]),
  interpreter: path,
  cLibrary: z.enum(["glibc", "musl"]),
  runPathTag: z.optional(runPathTag),
  runPath: z.array(reference),
  objects: z.array(objectSchema).check(z.describe("in load order, the file itself first")),
  missing: z.array(
    z.object({
      name: z.string(),
      neededBy: path,
      refused: z.array(
        z.object({
          path,
          reason: rejectionReason,
          endsLoad: z.boolean().check(z.describe("true: the dynamic linker gives up there")),
        }),
      ),
    }),
  ),
  opened: z
    .array(
      z.object({
        by: path,
        alternatives: z.array(z.string()),
        priority,
        feature: z.optional(z.string()),
        description: z.optional(z.string()),
        path: z.optional(path).check(z.describe("where the first alternative that is to be had lies")),
      }),
    )
    .check(z.describe("what .note.dlopen says is opened while the program runs")),
});

const fileSchema = z.object({
  path,
  machine: z.int().check(z.describe("e_machine")),
  elfClass: z.literal([32, 64]),
  byteOrder: z.enum(["little", "big"]),
  namedInterpreter: z.optional(path),
  needed: z.array(z.string()),
  state: stateSchema,
  load: z
    .optional(loadSchema)
    .check(z.describe("absent where no dynamic linker loads the file, or none is here that could")),
  named: z
    .array(
      z.object({
        by: path,
        names: z.array(z.string()).check(z.describe("names of one library")),
        path: z.optional(path).check(z.describe("where the first that is to be had lies")),
      }),
    )
    .check(z.describe("libraries whose names are among the constants: what may be opened while the program runs")),
});

/** What `wrap-buddy inspect --json` prints. `version` grows when a reader of the older form would misunderstand the newer. */
export const inspectionSchema = z
  .object({
    version: z.literal(1),
    ok: z.boolean().check(z.describe("false: an issue is an error")),
    files: z.array(fileSchema),
    issues: z.array(issueSchema()),
  })
  .check(z.describe("what wrap-buddy inspect finds out"));

export type InspectionJson = z.infer<typeof inspectionSchema>;
export type InspectionFileJson = InspectionJson["files"][number];

/** The published JSON schema (draft 2020-12) of it. */
export function inspectionJsonSchema(): object {
  return z.toJSONSchema(inspectionSchema);
}
