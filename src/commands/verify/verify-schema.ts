// The shape of the report that `wrap-buddy verify --json` prints, as zod schemas.

import * as z from "zod/mini";
import { issueFields, path } from "../../report/json/fields.ts";
import { issueSchema } from "../../report/json/issue-schema.ts";
import { verifyIssues } from "./verify-issues.ts";

const fileSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("fine"),
    path,
    sidecarPath: z.optional(path).check(z.describe("absent for one that was patched in place")),
    interpreter: path,
    libraries: z.int().check(z.describe("how many are loaded, the dynamic linker not counted")),
  }),
  z.object({ kind: z.literal("fine-library"), path }),
  z.object({ kind: z.literal("not-wrapped"), path, isNamed: z.boolean() }),
  z.object({ kind: z.literal("failed"), path }),
]);

/** What only `verify` finds wrong. */
function verifyIssueSchema() {
  const [first, ...others] = Object.values(verifyIssues).map(({ schema }) => schema(issueFields));
  if (first === undefined) throw new Error("there is no kind of issue");
  return z.discriminatedUnion("kind", [first, ...others]);
}

/** What `wrap-buddy verify --json` prints. */
export const verifyReportSchema = z
  .object({
    version: z.literal(1),
    ok: z.boolean().check(z.describe("false: an issue is an error")),
    files: z.array(fileSchema),
    issues: z.array(z.union([verifyIssueSchema(), issueSchema()])),
  })
  .check(z.describe("what wrap-buddy verify finds out"));

export type VerifyReportJson = z.infer<typeof verifyReportSchema>;
export type VerifyIssueJson = VerifyReportJson["issues"][number];

/** The published JSON schema (draft 2020-12) of that report. */
export function verifyJsonSchema(): object {
  return z.toJSONSchema(verifyReportSchema);
}
