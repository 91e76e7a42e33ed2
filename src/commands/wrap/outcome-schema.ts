// The shape of the report that --json prints, as zod schemas: the published JSON schema is made from them, and the
// type that src/commands/wrap/outcome-json.ts has to produce. Every string is text as src/base/text.ts makes it of bytes.

import * as z from "zod/mini";
import {
  address,
  defect,
  path,
  provenanceSchemas,
  replacedByCopy,
  size,
  skipReason,
} from "../../report/json/fields.ts";
import { issueSchema } from "../../report/json/issue-schema.ts";

const factsSchema = z.object({
  architecture: z.string(),
  elfClass: z.literal([32, 64]),
  entry: address,
  entryOffset: size,
  room: size,
  stubSize: size,
  placement: z.object({
    kind: z.enum(["at-entry", "before-entry", "after-entry", "segment-tail"]),
    savedOffset: size,
    savedAddress: address,
    savedSize: size,
    stubOffset: size,
    stubAddress: address,
  }),
  interpreter: path,
  runPath: z.array(path),
  runPathTag: z.enum(["runpath", "rpath"]),
  neededFirst: z.array(path),
  neededLast: z.array(path),
  sidecarSize: size,
  naming: z.enum(["absolute", "beside"]),
  loader: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("in-sidecar") }),
    z.object({ kind: z.literal("shared"), path }),
  ]),
});

const inPlaceFactsSchema = z.object({
  architecture: z.string(),
  elfClass: z.literal([32, 64]),
  interpreter: z.optional(path).check(z.describe("absent for a library")),
  runPath: z.array(path),
  runPathTag: z.enum(["runpath", "rpath"]),
  entrySource: z
    .optional(z.enum(["existing", "spare", "relative-count"]))
    .check(z.describe("where the run path's entry in the dynamic array comes from")),
  segment: z.int().check(z.describe("the program header of the segment that grows")),
  offset: size,
  size,
  room: size,
});

const isNamed = z.boolean().check(z.describe("the request names it; it was not found in a directory"));

const interpreterOrigin = z
  .enum(["given", "built-in", "nix-ld", "bintools", "node", "own"])
  .check(z.describe("why it got its dynamic linker"));

const runPathReason = z.enum([
  "default",
  "asked",
  "executable-has-rpath",
  "given-directories",
  "bundled-needs-inherited-search",
]);

const loadedObjectSchema = z.object({
  name: z.string(),
  path,
  soname: z.optional(z.string()),
  neededBy: z.optional(path),
  provenance: z.discriminatedUnion("kind", provenanceSchemas),
});

const fileSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("wrapped"),
    path,
    isNamed,
    interpreterOrigin,
    sidecarPath: path,
    rewrapped: z.boolean(),
    replacedByCopy,
    facts: factsSchema,
    runPathReason,
    loadOrder: z.array(loadedObjectSchema),
  }),
  z.object({ kind: z.literal("already-wrapped"), path, facts: factsSchema }),
  z.object({
    kind: z.literal("in-place"),
    path,
    isNamed,
    interpreterOrigin: z.optional(interpreterOrigin).check(z.describe("absent for a library")),
    rewrapped: z.boolean(),
    replacedByCopy,
    facts: inPlaceFactsSchema,
    runPathReason,
    loadOrder: z.array(loadedObjectSchema),
  }),
  z.object({ kind: z.literal("already-in-place"), path, facts: inPlaceFactsSchema }),
  z.object({ kind: z.literal("restored"), path }).check(z.describe("a library that had been patched in place")),
  z.object({
    kind: z.literal("skipped"),
    path,
    reason: skipReason,
    detail: z.optional(z.string()),
    defect: z.optional(defect),
  }),
  z.object({ kind: z.literal("failed"), path }),
  z.object({ kind: z.literal("unchanged"), path }),
]);

const gcRootsSchema = z
  .object({
    tree: path,
    directory: path,
    storePaths: z.array(path),
    added: z.array(path),
    removed: z.array(path),
  })
  .check(z.describe("what keeps the store paths that a tree refers to from the garbage collector"));

/** What `wrap-buddy --json` prints. `version` grows when a reader of the older form would misunderstand the newer. */
export const reportSchema = z
  .object({
    version: z.literal(1),
    dryRun: z.boolean().check(z.describe("true: nothing was written")),
    ok: z.boolean().check(z.describe("false: an issue is an error")),
    files: z.array(fileSchema),
    gcRoots: z.optional(z.array(gcRootsSchema)),
    issues: z.array(issueSchema()),
  })
  .check(z.describe("report of a wrap-buddy run"));

export type ReportJson = z.infer<typeof reportSchema>;

export type FileJson = ReportJson["files"][number];

/** The published JSON schema (draft 2020-12) of the report. */
export function reportJsonSchema(): object {
  return z.toJSONSchema(reportSchema);
}
