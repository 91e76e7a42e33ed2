// Outcomes and issues to word: one of every kind, made up.

import type { FileOutcome, RunOutcome } from "../../../../src/commands/wrap/run-outcome.ts";
import type { FileOffset, VirtualAddress } from "../../../../src/elf/elf-file.ts";
import type { Resolution } from "../../../../src/linker/solve/resolution.ts";
import type { WrapFacts } from "../../../../src/patch/file-plan.ts";
import type { ReportContext } from "../../../../src/report/context.ts";
import type { Issue } from "../../../../src/report/issue.ts";

export const cliContext: ReportContext = {
  surface: "cli",
  shownRoots: [{ directory: "/home/me", shownAs: "." }],
};

export const hookContext: ReportContext = {
  surface: "hook",
  shownRoots: [{ directory: "/nix/store/aaaa-tool-1.0", shownAs: "out" }],
};

const offset = (value: number): FileOffset => value as FileOffset;
const address = (value: bigint): VirtualAddress => value as VirtualAddress;

/** The facts of the first article's example, with this project's stub. */
export const sampleFacts: WrapFacts = {
  architecture: "x86_64",
  elfClass: 64,
  entry: address(0x11a0n),
  entryOffset: offset(0x11a0),
  room: 569,
  stubSize: 202,
  placement: {
    kind: "at-entry",
    savedOffset: offset(0x11a0),
    savedAddress: address(0x11a0n),
    savedSize: 208,
    stubOffset: offset(0x11a0),
    stubAddress: address(0x11a0n),
  },
  interpreter: "/nix/store/gggg-glibc-2.42/lib/ld-linux-x86-64.so.2",
  runPath: ["/home/me/libfoo", "/home/me/libbar"],
  runPathTag: "runpath",
  neededFirst: [],
  neededLast: [],
  sidecarSize: 4711,
  naming: "beside",
  loader: { kind: "in-sidecar" },
};

export const sampleResolution: Resolution = {
  loadOrder: [
    {
      name: "/home/me/main",
      path: "/home/me/main",
      soname: undefined,
      neededBy: undefined,
      provenance: { kind: "executable" },
    },
    {
      name: "libfoo.so",
      path: "/home/me/libfoo/libfoo.so",
      soname: undefined,
      neededBy: "/home/me/main",
      provenance: { kind: "runpath", by: "/home/me/main", directory: "/home/me/libfoo" },
    },
    {
      name: "libc.so.6",
      path: "/nix/store/gggg-glibc-2.42/lib/libc.so.6",
      soname: "libc.so.6",
      neededBy: "/home/me/main",
      provenance: { kind: "default", directory: "/nix/store/gggg-glibc-2.42/lib" },
    },
    {
      name: "ld-linux-x86-64.so.2",
      path: "/nix/store/gggg-glibc-2.42/lib/ld-linux-x86-64.so.2",
      soname: "ld-linux-x86-64.so.2",
      neededBy: "/nix/store/gggg-glibc-2.42/lib/libc.so.6",
      provenance: { kind: "interpreter" },
    },
  ],
  runPath: ["/home/me/libfoo", "/home/me/libbar"],
  runPathTag: "runpath",
  runPathReason: "default",
  neededFirst: [],
  neededLast: [],
  issues: [],
  plugInIssues: [],
};

export const wrappedFile: Extract<FileOutcome, { readonly kind: "wrapped" }> = {
  kind: "wrapped",
  path: "/home/me/main",
  isNamed: true,
  interpreterOrigin: "given",
  sidecarPath: "/home/me/.main.wrapbuddy",
  facts: sampleFacts,
  resolution: sampleResolution,
  rewrapped: false,
  replacedByCopy: false,
};

/** A run that went well, over these files. */
export function outcomeOf(files: readonly FileOutcome[], issues: readonly Issue[] = []): RunOutcome {
  return { dryRun: false, files, issues, ok: true };
}

const path = "/home/me/tool";

/** At least one issue of every kind. */
export const everyIssue: readonly Issue[] = [
  { kind: "no-such-path", path },
  { kind: "cannot-read", path, code: "EACCES" },
  { kind: "not-looked-at", severity: "warning", path, what: "directory", code: "EACCES" },
  {
    kind: "damaged-elf",
    severity: "error",
    path,
    defect: { kind: "past-end-of-file", what: "program header 3", offset: 0x118, end: 0xffff0000n, size: 0x4f20 },
  },
  {
    kind: "damage-ignored",
    path,
    part: "notes",
    defect: {
      kind: "bad-value",
      what: "note segment (program header 7)",
      field: "n_namesz",
      offset: 0x338,
      value: 7n,
      expected: "a size inside the segment",
    },
  },
  { kind: "not-elf", path, reason: "not-elf", detail: "a script for /bin/sh" },
  { kind: "not-elf", path, reason: "empty" },
  { kind: "cannot-wrap-named-file", path, reason: "static" },
  { kind: "no-interpreter", path, named: "/lib64/ld-linux-x86-64.so.2", machine: 62, elfClass: 64 },
  { kind: "bad-interpreter", path: "/home/me/ld.so", problem: "no-such-file" },
  {
    kind: "gc-roots-not-made",
    severity: "warning",
    path,
    directory: "/home/me/.wrap-buddy/tool",
    storePaths: ["/nix/store/gggg-glibc-2.42"],
    reason: "permission denied (EACCES)",
  },
  { kind: "bad-library-directory", path: "/home/me/libfoo.so", code: "ENOTDIR" },
  { kind: "interpreter-gone", path, interpreter: "/home/me/ld.so", problem: "other-machine" },
  {
    kind: "missing-library",
    severity: "error",
    executable: path,
    name: "libfoo.so.1",
    neededBy: path,
    searched: 14,
    nearMisses: [],
  },
  {
    kind: "missing-version",
    severity: "error",
    executable: path,
    neededBy: path,
    library: "libc.so.6",
    libraryPath: "/nix/store/gggg-glibc-2.36/lib/libc.so.6",
    version: "GLIBC_2.38",
    newestProvided: "GLIBC_2.36",
  },
  {
    kind: "damaged-versions",
    severity: "error",
    executable: path,
    path: "/home/me/libfoo.so.1",
    defect: { kind: "bad-value", what: "DT_VERNEED", field: "vn_version", offset: 0x510, value: 7n, expected: "1" },
  },
  { kind: "duplicate-soname", severity: "note", name: "libq.so.1", taken: "/a/libq.so.1", notTaken: ["/b/libq.so.1"] },
  { kind: "rejected-candidate", severity: "note", name: "libc.so", path: "/a/libc.so", reason: "not-elf" },
  {
    kind: "dlopen-missing",
    severity: "warning",
    executable: path,
    neededBy: path,
    alternatives: ["liblzma.so.5"],
    feature: "compression",
    priority: "recommended",
  },
  { kind: "opened-by-name", severity: "note", executable: path, neededBy: path, alternatives: ["libudev.so.1"] },
  { kind: "unknown-architecture", path, machine: 8 },
  { kind: "no-room", path, wanted: 202, largest: 74 },
  { kind: "entry-outside-segments", path, entry: 0x401000n },
  { kind: "field-too-long", path, field: "run path", size: 70123, limit: 65535 },
  { kind: "no-room-in-place", severity: "error", path, wanted: 231, largest: 12 },
  {
    kind: "only-on-this-machine",
    severity: "warning",
    executable: path,
    neededBy: path,
    entry: "run-path",
    path: "/usr/lib/systemd",
    libraries: ["libsystemd-shared-257.so"],
    count: 1,
  },
  { kind: "program-without-execute-bit", path },
  {
    kind: "opens-by-old-path",
    severity: "warning",
    executable: path,
    path: "/nix/store/x-gl/lib/libGL.so.1",
    directories: ["/nix/store/x-drivers/lib"],
    count: 2,
  },
  { kind: "given-directories-unsearched", severity: "warning", path, directories: ["/nix/store/x-gl/lib"] },
  { kind: "no-dynamic-entry", severity: "error", path },
  { kind: "not-in-place", path, needed: ["libx.so"] },
  { kind: "names-apart", path, other: "/home/me/libexec/deep/tool" },
  { kind: "changed-in-place", path, problem: "segment size at 0x98 is not what was written there" },
  { kind: "sidecar-name-too-long", path, size: 261, limit: 255 },
  { kind: "interpreter-mismatch", path, interpreter: "/a/ld-linux.so.2", machine: 3, wantedMachine: 62 },
  { kind: "loader-missing", path, loaderPath: "/a/loader.bin", blob: "/b/x86_64.bin" },
  { kind: "loader-differs", path, loaderPath: "/a/loader.bin", blob: "/b/x86_64.bin" },
  { kind: "sidecar-damaged", path, sidecarPath: "/home/me/.tool.wrapbuddy", problem: { kind: "saved-past-end" } },
  {
    kind: "interpreter-overwritten",
    severity: "error",
    path,
    sidecarPath: "/home/me/.tool.wrapbuddy",
    offset: 0x318,
    found: "\u0004\u0000\u0000GNU",
  },
  { kind: "packed-since", path, sidecarPath: "/home/me/.tool.wrapbuddy" },
  { kind: "in-place-lost", path },
  { kind: "privileges-refused", severity: "warning", path, bits: ["set-user-ID"] },
  { kind: "system-call-failed", path, call: "open", code: "ETXTBSY" },
];
