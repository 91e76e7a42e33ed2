// The shape of the report that `wrap-buddy bundle --json` prints, as zod schemas.

import * as z from "zod/mini";
import { issueFields, path, size } from "../../report/json/fields.ts";
import { issueSchema } from "../../report/json/issue-schema.ts";
import { bundleIssues } from "./bundle-issues.ts";
import { bundleFormats } from "./bundle-request.ts";
import { escapeMeanings } from "./escapes/escape.ts";

const place = z.string().check(z.describe("a path below the bundle's directory"));

/** What only `bundle` finds wrong. */
function bundleIssueSchema() {
  const [first, ...others] = Object.values(bundleIssues).map(({ schema }) => schema(issueFields));
  if (first === undefined) throw new Error("there is no kind of issue");
  return z.discriminatedUnion("kind", [first, ...others]);
}

/** What `wrap-buddy bundle --json` prints. */
const bundleReportSchema = z
  .object({
    version: z.literal(1),
    ok: z.boolean().check(z.describe("false: an issue is an error, and there is no bundle")),
    dryRun: z.boolean(),
    output: path,
    format: z.enum(bundleFormats),
    programs: z.array(
      z.object({
        name: z.string().check(z.describe("in bin/")),
        kind: z.enum(["executable", "alone", "wrapper", "static", "script", "other"]),
        path,
        interpreter: z.optional(path),
        libraries: z.optional(z.int()),
      }),
    ),
    files: z.array(
      z.object({
        place,
        from: path,
        size,
        sameAs: z.optional(place.check(z.describe("another name of the same file"))),
      }),
    ),
    escapes: z
      .array(z.object({ place, text: path, meaning: z.enum(escapeMeanings), isBundled: z.boolean() }))
      .check(z.describe("absolute paths in the files")),
    opened: z.optional(
      z
        .array(z.object({ place, opened: path, does: z.enum(["opens", "starts"]) }))
        .check(z.describe("what the traced run opened and started outside; absent without one")),
    ),
    issues: z.array(z.union([bundleIssueSchema(), issueSchema()])),
  })
  .check(z.describe("what wrap-buddy bundle made"));

export type BundleReportJson = z.infer<typeof bundleReportSchema>;
export type BundleIssueJson = BundleReportJson["issues"][number];

/** The published JSON schema (draft 2020-12) of that report. */
export function bundleJsonSchema(): object {
  return z.toJSONSchema(bundleReportSchema);
}
