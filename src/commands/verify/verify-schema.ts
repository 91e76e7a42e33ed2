// The shape of the report that `wrap-buddy verify --json` prints, as zod schemas (schema.ts has those of wrapping).

import * as z from "zod/mini";
import { issueSchema, path, size, skipReason } from "../../report/json/issue-schema.ts";

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

const severity = z.enum(["error", "warning"]);
const mode = z.int().check(z.describe("permission bits"));

const verifyIssueSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("not-wrapped"),
    severity,
    path,
    sidecarPath: z.optional(path),
    reason: z.optional(skipReason),
    detail: z.optional(z.string()),
  }),
  z.object({ kind: z.literal("nothing-wrapped"), severity, path }),
  z.object({
    kind: z.literal("wrapping-unfinished"),
    severity,
    path,
    before: z.enum(["stub", "interpreter-header", "in-place"]).check(z.describe("what has not been written")),
  }),
  z.object({ kind: z.literal("in-place-lost"), severity, path }),
  z.object({ kind: z.literal("stub-gone"), severity, path }),
  z.object({ kind: z.literal("stub-differs"), severity, path, offset: size }),
  z.object({ kind: z.literal("sidecar-size"), severity, path, sidecarPath: path, size, wanted: size }),
  z.object({ kind: z.literal("sidecar-differs"), severity, path, sidecarPath: path }),
  z.object({ kind: z.literal("sidecar-mode"), severity, path, sidecarPath: path, mode, wanted: mode }),
  z.object({ kind: z.literal("interpreter-changed"), severity, path, interpreter: path }),
  z.object({ kind: z.literal("run-path-entry-gone"), severity, path, entry: path }),
  z.object({ kind: z.literal("sidecar-unused"), severity, path }),
  z.object({ kind: z.literal("leftover"), severity, path }),
]);

/** What `wrap-buddy verify --json` prints. */
export const verifyReportSchema = z
  .object({
    version: z.literal(1),
    ok: z.boolean().check(z.describe("false: an issue is an error")),
    files: z.array(fileSchema),
    issues: z.array(z.union([verifyIssueSchema, issueSchema])),
  })
  .check(z.describe("what wrap-buddy verify finds out"));

export type VerifyReportJson = z.infer<typeof verifyReportSchema>;
export type VerifyIssueJson = VerifyReportJson["issues"][number];

/** The published JSON schema (draft 2020-12) of that report. */
export function verifyJsonSchema(): object {
  return z.toJSONSchema(verifyReportSchema);
}
