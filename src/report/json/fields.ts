// The fields that --json reports have in common, as zod schemas. Every string is text as src/base/text.ts makes it of bytes.

import * as z from "zod/mini";
import { skipReasons } from "../../files/kind/skip-reason.ts";
import { rejectionReasons } from "../../linker/solve/library-issue.ts";

export const path = z.string().check(z.describe("a path; bytes that are not UTF-8 stand as U+DC80 to U+DCFF"));

export const address = z
  .string()
  .check(z.regex(/^0x[0-9a-f]+$/))
  .check(z.describe("a virtual address or another 64-bit number, hexadecimal"));

const elfClass = z.literal([32, 64]);

export const size = z.int().check(z.minimum(0)).check(z.describe("bytes"));

const severity = z.enum(["error", "warning", "note"]);

const errorCode = z.string().check(z.describe("the name of a system call's error, for example EACCES"));

export const replacedByCopy = z
  .boolean()
  .check(z.describe("true: it has names outside the given paths, which stay as they are"));

export const skipReason = z.enum(skipReasons);

export const defect = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("not-elf") }),
  z.object({ kind: z.literal("past-end-of-file"), what: z.string(), offset: size, end: address, size }),
  z.object({
    kind: z.literal("bad-value"),
    what: z.string(),
    field: z.string(),
    offset: size,
    value: address,
    expected: z.string(),
  }),
  z.object({ kind: z.literal("unmapped-address"), what: z.string(), address }),
  z.object({ kind: z.literal("bad-string"), what: z.string(), offset: size }),
]);

export const rejectionReason = z.enum(rejectionReasons);

const passedOver = z.array(z.object({ path, reason: rejectionReason }));

/** One for each kind of provenance. */
export const provenanceSchemas = [
  z.object({ kind: z.literal("executable") }),
  z.object({ kind: z.literal("interpreter") }),
  z.object({ kind: z.literal("absolute") }),
  z.object({ kind: z.literal("rpath"), by: path, directory: path }),
  z.object({ kind: z.literal("runpath"), by: path, directory: path }),
  z.object({ kind: z.literal("default"), directory: path }),
] as const;

/** A maker of the JSON of one kind of issue. */
const issueOf =
  <Severity extends z.core.$ZodType>(severity: Severity) =>
  <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
    z.object({ kind: z.literal(kind), severity, ...shape });

/**
 * What the tables of issues make their schemas of. They are handed it, and import none of it: most runs need no schema,
 * and loading zod and making these takes 5 ms.
 */
export const issueFields = {
  address,
  defect,
  elfClass,
  errorCode,
  passedOver,
  path,
  rejectionReason,
  size,
  skipReason,
  mode: z.int().check(z.describe("permission bits")),
  issue: issueOf(severity),
  /** Of what only verify finds wrong. */
  verifyIssue: issueOf(z.enum(["error", "warning"])),
  z: {
    array: z.array,
    boolean: z.boolean,
    describe: z.describe,
    enum: z.enum,
    int: z.int,
    literal: z.literal,
    optional: z.optional,
    string: z.string,
  },
};

export type IssueFields = typeof issueFields;
