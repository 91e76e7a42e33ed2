// Why an executable cannot be wrapped: every kind with its severity, its words and its JSON.

import type { PlanIssue } from "../../patch/patch-issue.ts";
import { type ReportContext, showPath } from "../context.ts";
import { showMachine } from "../machine-name.ts";
import { leaveOut, showSetting } from "../settings.ts";
import { countOf, hex } from "../words.ts";
import { about, type IssueTable } from "./issue-table.ts";

/** By kind. */
export const planIssues = {
  "unknown-architecture": {
    severity: "error",
    schema: ({ issue, path, z }) => issue("unknown-architecture", { path, machine: z.int() }),
    words: ({ path, machine }, context) =>
      about(path, context, `there is no stub for ${showMachine(machine)}`, leaveOut(context.surface)),
  },
  "no-room": {
    severity: "error",
    schema: ({ issue, path, size }) => issue("no-room", { path, wanted: size, largest: size }),
    words: ({ path, wanted, largest }, context) =>
      about(
        path,
        context,
        `no room for the stub: ${countOf(wanted, "byte")} needed, ${largest} at the largest place in its executable segment`,
        `it may have room in place: ${showSetting("form", context.surface)}; or ${leaveOut(context.surface)}`,
      ),
  },
  "no-room-in-place": {
    severity: "as-found",
    schema: ({ issue, path, size }) => issue("no-room-in-place", { path, wanted: size, largest: size }),
    words: ({ path, wanted, largest, severity }, context) =>
      about(
        path,
        context,
        `no room in place: ${countOf(wanted, "byte")} needed, ${largest} unused in a segment`,
        severity === "note" ? undefined : helpWithoutRoom(context),
      ),
  },
  "no-dynamic-entry": {
    severity: "as-found",
    schema: ({ issue, path }) => issue("no-dynamic-entry", { path }),
    words: ({ path, severity }, context) =>
      about(
        path,
        context,
        "its dynamic array has no entry to spare for a run path",
        severity === "note" ? undefined : helpWithoutRoom(context),
      ),
  },
  "not-in-place": {
    severity: "error",
    schema: ({ issue, path, z }) => issue("not-in-place", { path, needed: z.array(z.string()) }),
    words: ({ path, needed }, context) =>
      about(
        path,
        context,
        needed.length === 0
          ? "cannot be wrapped in place and relocatable: the kernel takes no interpreter by a relative path"
          : `cannot be wrapped in place, because needed entries have to be added: ${needed.join(" ")}`,
        `let it have a stub: ${showSetting("form", context.surface)}`,
      ),
  },
  "names-apart": {
    severity: "error",
    schema: ({ issue, path }) => issue("names-apart", { path, other: path }),
    words: ({ path, other }, context) =>
      about(
        path,
        context,
        `${showPath(other, context)} is another name of it, from where relative paths lead elsewhere`,
        "make that a symbolic link, or a copy",
      ),
  },
  "entry-outside-segments": {
    severity: "error",
    schema: ({ address, issue, path }) => issue("entry-outside-segments", { path, entry: address }),
    words: ({ path, entry }, context) =>
      about(
        path,
        context,
        `entry point ${hex(entry)} lies in no executable segment's file bytes`,
        leaveOut(context.surface),
      ),
  },
  "field-too-long": {
    severity: "error",
    schema: ({ issue, path, size, z }) => issue("field-too-long", { path, field: z.string(), size, limit: size }),
    words: ({ path, field, size, limit }, context) =>
      about(
        path,
        context,
        `${field} is too long: ${countOf(size, "byte")}, at most ${limit}`,
        fieldHelp(field, context),
      ),
  },
  "sidecar-name-too-long": {
    severity: "error",
    schema: ({ issue, path, size }) => issue("sidecar-name-too-long", { path, size, limit: size }),
    words: ({ path, size, limit }, context) =>
      about(
        path,
        context,
        `its name is too long for the sidecar's: ${countOf(size, "byte")}, at most ${limit}`,
        "give the executable a shorter name",
      ),
  },
  "interpreter-mismatch": {
    severity: "error",
    schema: ({ issue, path, z }) =>
      issue("interpreter-mismatch", { path, interpreter: path, machine: z.int(), wantedMachine: z.int() }),
    words: ({ path, interpreter, machine, wantedMachine }, context) =>
      about(
        path,
        context,
        `built for ${showMachine(wantedMachine)}, but the interpreter ${showPath(interpreter, context)} is for ${showMachine(machine)}`,
        `give one for ${showMachine(wantedMachine)} with ${showSetting("interpreter", context.surface)}`,
      ),
  },
  "loader-missing": {
    severity: "error",
    schema: ({ issue, path, z }) => issue("loader-missing", { path, loaderPath: path, blob: z.string() }),
    words: ({ path, loaderPath, blob }, context) =>
      about(
        path,
        context,
        `the shared loader is missing: ${showPath(loaderPath, context)}`,
        `copy ${showPath(blob, context)} there, or ${withoutLoader(context)}`,
      ),
  },
  "shared-loader-stays": {
    severity: "error",
    schema: ({ issue, path }) => issue("shared-loader-stays", { path, loaderDirectory: path }),
    words: ({ path, loaderDirectory }, context) =>
      about(
        path,
        context,
        `cannot be moved with the store: its stub would name the shared loader in ${showPath(loaderDirectory, context)} by that path`,
        withoutLoader(context),
      ),
  },
  "loader-differs": {
    severity: "error",
    schema: ({ issue, path, z }) => issue("loader-differs", { path, loaderPath: path, blob: z.string() }),
    words: ({ path, loaderPath, blob }, context) =>
      about(
        path,
        context,
        `the shared loader is of another version: ${showPath(loaderPath, context)}`,
        `replace it by ${showPath(blob, context)}, or ${withoutLoader(context)}`,
      ),
  },
  "privileges-refused": {
    severity: "as-found",
    schema: ({ issue, path, z }) =>
      issue("privileges-refused", { path, bits: z.array(z.enum(["set-user-ID", "set-group-ID"])) }),
    words: ({ path, bits }, context) =>
      about(
        path,
        context,
        `${bits.join(" and ")}: it will refuse to start where that gives it privileges, because its sidecar is looked for beside it`,
        `wrap it in the Nix store without ${showSetting("relocatable", context.surface)}, or in place (${showSetting("form", context.surface)}), or take the bit away with chmod`,
      ),
  },
} as const satisfies IssueTable<PlanIssue>;

function withoutLoader({ surface }: ReportContext): string {
  return `do without ${showSetting("loaderDirectory", surface)}`;
}

/** An executable can have a stub, a library be carried or left alone. */
function helpWithoutRoom({ surface }: ReportContext): string {
  return `an executable can have a stub (${showSetting("form", surface)}); a library can be left to the executables that load it (${showSetting("libraryMode", surface)}), be left out (${showSetting("exclude", surface)}), which is enough where its host has loaded what it needs, or be given its run path with patchelf`;
}

function fieldHelp(field: string, { surface }: ReportContext): string {
  return field === "interpreter"
    ? `give a shorter path to ${showSetting("interpreter", surface)}`
    : `give fewer directories or names: ${showSetting("libraries", surface)}, ${showSetting("runtimeDependencies", surface)}, ${showSetting("needed", surface)}`;
}
