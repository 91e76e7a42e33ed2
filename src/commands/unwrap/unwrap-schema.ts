// The shape of the report that `wrap-buddy unwrap --json` prints, as zod schemas (schema.ts has those of wrapping).

import * as z from "zod/mini";
import { path, replacedByCopy } from "../../report/json/fields.ts";
import { issueSchema } from "../../report/json/issue-schema.ts";

const removed = z.array(path).check(z.describe("sidecars, and what a stopped run has left, that are gone"));
const kept = z.array(path).check(z.describe("sidecars that other files use"));

const fileSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("unwrapped"),
    path,
    isNamed: z.boolean(),
    removed,
    kept,
    replacedByCopy,
  }),
  z
    .object({ kind: z.literal("cleaned"), path, isNamed: z.boolean(), removed, kept })
    .check(z.describe("it was the original already: only what was left of wrapping it was removed")),
  z.object({ kind: z.literal("not-wrapped"), path, isNamed: z.boolean() }),
  z.object({ kind: z.literal("failed"), path }),
]);

/** What `wrap-buddy unwrap --json` prints. */
export const unwrapReportSchema = z
  .object({
    version: z.literal(1),
    dryRun: z.boolean().check(z.describe("true: nothing was written")),
    ok: z.boolean().check(z.describe("false: an issue is an error")),
    gcRoots: z.array(path).check(z.describe("directories of the garbage collector's roots that are gone")),
    leftovers: z.array(path).check(z.describe("left by stopped runs, of files that are not there, and gone")),
    files: z.array(fileSchema),
    issues: z.array(issueSchema()),
  })
  .check(z.describe("report of a wrap-buddy unwrap run"));

export type UnwrapReportJson = z.infer<typeof unwrapReportSchema>;

/** The published JSON schema (draft 2020-12) of that report. */
export function unwrapJsonSchema(): object {
  return z.toJSONSchema(unwrapReportSchema);
}
