// Why an executable cannot be wrapped, in words.

import type { PatchIssue } from "../../patch/patch-issue.ts";
import { type ReportContext, showPath } from "../context.ts";
import type { Issue } from "../issue.ts";
import { showMachine } from "../machine-name.ts";
import { showSetting } from "../settings.ts";
import { countOf, describeErrorCode, hex } from "../words.ts";
import type { MessageText } from "./request-message.ts";

const patchIssueKinds: { readonly [Kind in PatchIssue["kind"]]: true } = {
  "unknown-architecture": true,
  "no-room": true,
  "no-room-in-place": true,
  "no-dynamic-entry": true,
  "not-in-place": true,
  "changed-in-place": true,
  "entry-outside-segments": true,
  "field-too-long": true,
  "sidecar-name-too-long": true,
  "interpreter-mismatch": true,
  "loader-missing": true,
  "loader-differs": true,
  "sidecar-damaged": true,
  "privileges-refused": true,
  "file-changed": true,
  "system-call-failed": true,
};

/** Tells the issues of the patcher from the others. */
export function isPatchIssue(issue: Issue): issue is PatchIssue {
  return issue.kind in patchIssueKinds;
}

function text(headline: string, ...help: readonly string[]): MessageText {
  return { headline, details: [], help };
}

/** The words for one issue of the patcher. */
export function describePatchIssue(issue: PatchIssue, context: ReportContext): MessageText {
  const path = showPath(issue.path, context);
  const exclude = showSetting("exclude", context.surface);
  switch (issue.kind) {
    case "unknown-architecture":
      return text(`${path}: there is no stub for ${showMachine(issue.machine)}`, `leave it out with ${exclude}`);
    case "no-room":
      return text(
        `${path}: no room for the stub: ${countOf(issue.wanted, "byte")} needed, ${issue.largest} at the largest place in its executable segment`,
        `it may have room in place: ${showSetting("form", context.surface)}; or leave it out with ${exclude}`,
      );
    case "no-room-in-place":
      return text(
        `${path}: no room in place: ${countOf(issue.wanted, "byte")} needed, ${issue.largest} unused at the end of a segment`,
        helpWithoutRoom(context),
      );
    case "no-dynamic-entry":
      return text(`${path}: its dynamic array has no entry to spare for a run path`, helpWithoutRoom(context));
    case "not-in-place":
      return text(
        issue.needed.length === 0
          ? `${path}: cannot be wrapped in place and relocatable: the kernel takes no interpreter by a relative path`
          : `${path}: cannot be wrapped in place, because needed entries have to be added: ${issue.needed.join(" ")}`,
        `let it have a stub: ${showSetting("form", context.surface)}`,
      );
    case "changed-in-place":
      return text(
        `${path}: patched in place, and changed by something else since: ${issue.problem}`,
        "restore the original file, then wrap it again",
      );
    case "entry-outside-segments":
      return text(
        `${path}: entry point ${hex(issue.entry)} lies in no executable segment's file bytes`,
        `leave it out with ${exclude}`,
      );
    case "field-too-long":
      return text(
        `${path}: ${issue.field} is too long: ${countOf(issue.size, "byte")}, at most ${issue.limit}`,
        fieldHelp(issue.field, context),
      );
    case "sidecar-name-too-long":
      return text(
        `${path}: its name is too long for the sidecar's: ${countOf(issue.size, "byte")}, at most ${issue.limit}`,
        "give the executable a shorter name",
      );
    case "interpreter-mismatch":
      return text(
        `${path}: built for ${showMachine(issue.wantedMachine)}, but the interpreter ${showPath(issue.interpreter, context)} is for ${showMachine(issue.machine)}`,
        `give one for ${showMachine(issue.wantedMachine)} with ${showSetting("interpreter", context.surface)}`,
      );
    case "loader-missing":
      return text(
        `${path}: the shared loader is missing: ${showPath(issue.loaderPath, context)}`,
        `copy ${showPath(issue.blob, context)} there, or do without ${showSetting("loaderDirectory", context.surface)}`,
      );
    case "loader-differs":
      return text(
        `${path}: the shared loader is of another version: ${showPath(issue.loaderPath, context)}`,
        `replace it by ${showPath(issue.blob, context)}, or do without ${showSetting("loaderDirectory", context.surface)}`,
      );
    case "sidecar-damaged":
      return text(
        `${path}: wrapped, but its sidecar ${showPath(issue.sidecarPath, context)} cannot be used: ${issue.problem}`,
        helpForSidecar(issue.problem),
      );
    case "privileges-refused":
      return text(
        `${path}: ${issue.bits.join(" and ")}: it will refuse to start where that gives it privileges, because its sidecar is looked for beside it`,
        `wrap it in the Nix store without ${showSetting("relocatable", context.surface)}, or in place (${showSetting("form", context.surface)}), or take the bit away with chmod`,
      );
    case "file-changed":
      return text(`${path}: has changed since it was read`, "run it again when nothing else writes it");
    case "system-call-failed":
      return {
        headline: `${path}: ${issue.call} failed: ${describeErrorCode(issue.code)}`,
        details: issue.isUnfinished ? ["what was done to the executable before could not be taken back"] : [],
        help: [systemCallHelp(issue.code)],
      };
    default:
      return issue satisfies never;
  }
}

/** An executable can have a stub, a library be carried or left alone. */
function helpWithoutRoom(context: ReportContext): string {
  const { surface } = context;
  return `an executable can have a stub (${showSetting("form", surface)}), a library can be left to the executables that load it (${showSetting("libraryMode", surface)}) or be given its run path with patchelf`;
}

/** The way out of a sidecar that cannot be used: one that is only absent or forbidden need not be made anew. */
function helpForSidecar(problem: string): string {
  if (problem === "it is not there") {
    return "copy it there too, or restore the original executable and wrap it again";
  }
  if (problem.startsWith("cannot be read: ")) return "make it readable for this user";
  return "restore the original executable, then wrap it again";
}

function fieldHelp(field: string, context: ReportContext): string {
  return field === "interpreter"
    ? `give a shorter path to ${showSetting("interpreter", context.surface)}`
    : `give fewer directories or names: ${showSetting("libraries", context.surface)}, ${showSetting("runtimeDependencies", context.surface)}, ${showSetting("needed", context.surface)}`;
}

const systemCallHelps: ReadonlyMap<string, string> = new Map([
  ["EACCES", "make the file and its directory writable for this user"],
  ["EPERM", "make the file and its directory writable for this user"],
  ["EROFS", "copy the tree to a writable place first"],
  ["ENOSPC", "make room on the file system, then run it again"],
  ["EDQUOT", "make room in the quota, then run it again"],
  ["ETXTBSY", "stop the program, then run it again"],
]);

function systemCallHelp(code: string): string {
  return systemCallHelps.get(code) ?? "run it again when the cause is gone: a second run finishes what was begun";
}
