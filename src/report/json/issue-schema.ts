// The shape of what every --json report has, as zod schemas. Every string is text as src/base/text.ts makes it of bytes.

import * as z from "zod/mini";

export const path = z.string().check(z.describe("a path; bytes that are not UTF-8 stand as U+DC80 to U+DCFF"));

export const address = z
  .string()
  .check(z.regex(/^0x[0-9a-f]+$/))
  .check(z.describe("a virtual address or another 64-bit number, hexadecimal"));

export const size = z.int().check(z.minimum(0)).check(z.describe("bytes"));

const severity = z.enum(["error", "warning", "note"]);

const errorCode = z.string().check(z.describe("the name of a system call's error, for example EACCES"));

export const copyReason = z
  .enum(["other-names", "running"])
  .check(z.describe("why the file was replaced by a copy first"));

export const skipReason = z.enum([
  "not-elf",
  "damaged",
  "empty",
  "shared-library",
  "object-file",
  "core-file",
  "debug-file",
  "static",
  "static-pie",
  "upx-packed",
  "appimage",
  "go-static",
  "other-machine",
  "other-os-abi",
  "x32",
  "dynamic-without-interpreter",
  "no-interpreter-for-it",
  "musl-without-interpreter",
  "excluded",
  "not-executable",
  "special-file",
  "unreadable",
  "already-nix",
]);

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

export const rejectionReason = z.enum([
  "wrong-machine",
  "wrong-class",
  "not-elf",
  "damaged",
  "unreadable",
  "executable",
  "inexpressible-directory",
]);

const interpreterProblems = [
  "no-such-file",
  "unreadable",
  "not-elf",
  "damaged",
  "not-a-dynamic-linker",
  "unusual-layout",
] as const;

function issue<Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) {
  return z.object({ kind: z.literal(kind), severity, ...shape });
}

export const issueSchema = z.discriminatedUnion("kind", [
  issue("no-such-path", { path }),
  issue("cannot-read", { path, code: errorCode }),
  issue("damaged-elf", { path, defect }),
  issue("cannot-wrap-named-file", { path, reason: skipReason, detail: z.optional(z.string()) }),
  issue("no-interpreter", { path, named: path, machine: z.int(), elfClass: z.literal([32, 64]) }),
  issue("bad-interpreter", { path, problem: z.enum(interpreterProblems) }),
  issue("bad-library-directory", { path, code: errorCode }),
  issue("interpreter-gone", {
    path,
    interpreter: path,
    problem: z.enum([...interpreterProblems, "other-machine"]),
  }),
  issue("missing-library", {
    executable: path,
    name: z.string(),
    neededBy: path,
    searched: z.int().check(z.describe("directories looked at")),
    neededByFile: z.optional(path),
    nearMisses: z.array(z.string()),
  }),
  issue("missing-version", {
    executable: path,
    neededBy: path,
    library: z.string(),
    libraryPath: path,
    version: z.string(),
    newestProvided: z.optional(z.string()),
  }),
  issue("duplicate-soname", { name: z.string(), taken: path, notTaken: z.array(path) }),
  issue("rejected-candidate", {
    name: z.string(),
    path,
    reason: rejectionReason,
  }),
  issue("dlopen-missing", {
    executable: path,
    neededBy: path,
    alternatives: z.array(z.string()),
    feature: z.optional(z.string()),
    priority: z.enum(["required", "recommended", "suggested"]),
  }),
  issue("unknown-architecture", { path, machine: z.int() }),
  issue("no-room", { path, wanted: size, largest: size }),
  issue("no-room-in-place", { path, wanted: size, largest: size }),
  issue("no-dynamic-entry", { path }),
  issue("not-in-place", { path, needed: z.array(z.string()) }),
  issue("changed-in-place", { path, problem: z.string() }),
  issue("entry-outside-segments", { path, entry: address }),
  issue("field-too-long", { path, field: z.string(), size, limit: size }),
  issue("sidecar-name-too-long", { path, size, limit: size }),
  issue("interpreter-mismatch", { path, interpreter: path, machine: z.int(), wantedMachine: z.int() }),
  issue("loader-missing", { path, loaderPath: path, blob: z.string() }),
  issue("loader-differs", { path, loaderPath: path, blob: z.string() }),
  issue("sidecar-damaged", { path, sidecarPath: path, problem: z.string() }),
  issue("privileges-refused", { path, bits: z.array(z.enum(["set-user-ID", "set-group-ID"])) }),
  issue("file-changed", { path }),
  issue("system-call-failed", {
    path,
    call: z.string(),
    code: errorCode,
    isUnfinished: z
      .optional(z.literal(true))
      .check(z.describe("what was done to the file before could not be taken back")),
  }),
]);

/** One for each kind of provenance. */
export const provenanceSchemas = [
  z.object({ kind: z.literal("executable") }),
  z.object({ kind: z.literal("interpreter") }),
  z.object({ kind: z.literal("absolute") }),
  z.object({ kind: z.literal("rpath"), by: path, directory: path }),
  z.object({ kind: z.literal("runpath"), by: path, directory: path }),
  z.object({ kind: z.literal("default"), directory: path }),
] as const;

export type IssueJson = z.infer<typeof issueSchema>;
export type DefectJson = z.infer<typeof defect>;
