// What was done to one executable, in the words that the tool has always used for it, one fact a line.

import type { LoadedObject } from "../../linker/load/provenance.ts";
import type { Resolution } from "../../linker/solve/resolution.ts";
import type { Placement, WrapFacts } from "../../patch/file-plan.ts";
import { type ReportContext, showPath } from "../../report/context.ts";
import { describeProvenance, tagNames, whyCopied } from "../../report/installed-words.ts";
import { countOf, hex, longestOf } from "../../report/words.ts";
import type { FileOutcome } from "./run-outcome.ts";

/** A file that is or would be wrapped. */
export type WrappedFile = Extract<FileOutcome, { readonly kind: "wrapped" }>;

/** A file that is or would be changed. */
export type ChangedFile = WrappedFile | Extract<FileOutcome, { readonly kind: "in-place" }>;

/** The lines about one executable; `dryRun` turns "Wrote" into "Would write". */
export function describeWrapped(file: WrappedFile, dryRun: boolean, context: ReportContext): readonly string[] {
  const { facts } = file;
  const path = showPath(file.path, context);
  const sidecar = showPath(file.sidecarPath, context);
  const did = (past: string, future: string): string => (dryRun ? `Would ${future}` : past);
  return [
    `Patching: ${path}`,
    ...(file.rewrapped ? ["  Wrapped before, in another way: planned from its original bytes"] : []),
    `  ELF class: ${facts.elfClass}-bit`,
    `  Original entry: ${hex(facts.entry)} (file offset: ${hex(facts.entryOffset)})`,
    `  Available space at entry: ${countOf(facts.room, "byte")}`,
    `  Stub size: ${describeStub(facts)}`,
    ...(facts.loader.kind === "shared" ? [`  Loader: ${showPath(facts.loader.path, context)}`] : []),
    ...(file.replacedByCopy ? [`  ${did("Replaced", "replace")} by a copy: ${whyCopied}`] : []),
    `  ${did("Wrote", "write")} config to ${sidecar}`,
    `  ${did("Overwrote", "overwrite")} ${countOf(facts.placement.savedSize, "byte")} ${describePlace(facts.placement)}`,
    `  ${did("Converted", "convert")} PT_INTERP to PT_NULL`,
    `${did("Patched", "patch")}: ${path}`,
  ];
}

function describeStub({ stubSize, placement }: WrapFacts): string {
  const size = countOf(stubSize, "byte");
  const padded = placement.savedSize > stubSize ? ` (padded to ${placement.savedSize})` : "";
  switch (placement.kind) {
    case "at-entry":
      return `${size}${padded}`;
    case "segment-tail":
      return `${size}${padded}, reaching into the unused rest of the segment's last page`;
    case "before-entry":
    case "after-entry":
      return `${size}, at file offset ${hex(placement.stubOffset)}, with a jump to it at entry point`;
    default:
      return placement.kind satisfies never;
  }
}

function describePlace({ kind }: Placement): string {
  switch (kind) {
    case "before-entry":
      return "from the stub to entry point";
    case "after-entry":
      return "from entry point to the stub's end";
    case "at-entry":
    case "segment-tail":
      return "at entry point";
    default:
      return kind satisfies never;
  }
}

const tagReasons: { readonly [Reason in Resolution["runPathReason"]]: string } = {
  default: "the default",
  asked: "as asked",
  "executable-has-rpath": "the file has one, and DT_RUNPATH would switch it off",
  "given-directories": "so that libraries find what they open in the directories given, too",
  "bundled-needs-inherited-search": "libraries that come with it need an inherited search",
};

/** The libraries of one executable: run path, needed entries added, and the order in which ld.so will load them. */
export function describeLibraries({ facts, resolution }: ChangedFile, context: ReportContext): readonly string[] {
  const tag = `${tagNames[facts.runPathTag]}, ${tagReasons[resolution.runPathReason]}`;
  const lines = [`  Run path: ${facts.runPath.length === 0 ? "none" : tag}`];
  for (const entry of facts.runPath) lines.push(`    ${showPath(entry, context)}`);
  const { neededFirst, neededLast } = resolution;
  if (neededFirst.length > 0) lines.push(`  Pinned: ${countOf(neededFirst.length, "library", "libraries")}`);
  if (neededLast.length > 0) lines.push(`  Needed entries added: ${neededLast.join(" ")}`);
  const objects = resolution.loadOrder.filter((object) => object.provenance.kind !== "executable");
  if (objects.length === 0) return lines;
  const width = longestOf(objects.map((object) => showPath(object.name, context)));
  return [...lines, "  Load order:", ...objects.map((object) => `    ${describeObject(object, width, context)}`)];
}

function describeObject(object: LoadedObject, width: number, context: ReportContext): string {
  const name = showPath(object.name, context).padEnd(width);
  const how = describeProvenance(object.provenance, (path) => showPath(path, context));
  return `${name} => ${showPath(object.path, context)} (${how})`;
}
