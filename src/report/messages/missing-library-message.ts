// Missing libraries of all files as one message: grouped by library, with everyone who wants it, the nixpkgs package
// of the well-known ones, and files that are there instead.

import { largestOf } from "../../base/extremes.ts";
import { groupBy } from "../../base/group-by.ts";
import { driverDirectory, isDriverLibrary } from "../../linker/search/drivers.ts";
import type { LibraryIssue } from "../../linker/solve/library-issue.ts";
import { type ReportContext, showPath } from "../context.ts";
import { nixpkgsAttributes } from "../nixpkgs/attributes.ts";
import { showSetting } from "../settings.ts";
import type { Severity } from "../severity.ts";
import { countOf, listOf } from "../words.ts";
import { listSome } from "./list-some.ts";
import type { Message } from "./message.ts";
import { nixBuild } from "./nix-build.ts";
import { rejections } from "./rejection-words.ts";

type MissingLibrary = Extract<LibraryIssue, { readonly kind: "missing-library" }>;

interface Group {
  readonly name: string;
  readonly severity: Severity;
  readonly issues: readonly MissingLibrary[];
}

const severities = ["note", "warning", "error"] as const satisfies readonly Severity[];

/**
 * One message a severity, or none. A library that an executable and a plug-in miss is an error, and stands there once.
 * Libraries come in the order in which they were first missed.
 */
export function describeMissingLibraries(
  issues: readonly MissingLibrary[],
  context: ReportContext,
): readonly Message[] {
  const groups = groupBy(issues, ({ name }) => name).map(groupOf);
  return severities.flatMap((severity) => {
    const own = groups.filter((group) => group.severity === severity);
    return own.length === 0 ? [] : [describeGroups(own, severity, context)];
  });
}

function groupOf(issues: readonly MissingLibrary[]): Group {
  const weight = largestOf(
    issues.map(({ severity }) => severities.indexOf(severity)),
    0,
  );
  return { name: issues[0]?.name ?? "", severity: severities[weight] ?? "error", issues };
}

function describeGroups(groups: readonly Group[], severity: Severity, context: ReportContext): Message {
  const help = severity === "note" ? [] : [helpFor(groups, context)];
  const [first, ...more] = groups;
  const where = searched(groups);
  if (first !== undefined && more.length === 0) {
    const headline = describeOne(first, context);
    const wanters = first.issues.length === 1 ? [] : [`needed by ${listSome(wanterPaths([first]), context)}`];
    return {
      severity,
      headline: `${headline} not found${where}`,
      details: [...wanters, ...passedOver(first, context), ...nearMisses(first, context)],
      help,
    };
  }
  return {
    severity,
    headline: `${groups.length} libraries that ${countOf(wanterPaths(groups).length, "file needs", "files need")} not found${where}`,
    details: groups.flatMap((group) => describeGroup(group, context)),
    help,
  };
}

/** "bin/tool: libq.so", "bin/tool: libz.so, which lib/libq.so needs,", "lib/plugin.so: libq.so", or "libq.so" alone. */
function describeOne({ name, issues }: Group, context: ReportContext): string {
  const [issue, ...others] = issues;
  const shown = showPath(name, context);
  if (issue === undefined || others.length > 0) return shown;
  const { executable, neededBy, severity } = issue;
  if (neededBy === executable || severity === "warning") return `${showPath(neededBy, context)}: ${shown}`;
  return `${showPath(executable, context)}: ${shown}, which ${showPath(neededBy, context)} needs,`;
}

function describeGroup(group: Group, context: ReportContext): readonly string[] {
  const attribute = attributeOf(group);
  const source = attribute === undefined ? "" : `, nixpkgs has it in ${attribute}`;
  return [
    `${showPath(group.name, context)}: needed by ${listSome(wanterPaths([group]), context)}${source}`,
    ...[...passedOver(group, context), ...nearMisses(group, context)].map((line) => `  ${line}`),
  ];
}

/** The objects that have a library among their needed entries, each file once. */
function wanterPaths(groups: readonly Group[]): readonly string[] {
  const wanters = groups.flatMap(({ issues }) => issues.map(({ neededBy, neededByFile }) => neededByFile ?? neededBy));
  return [...new Set(wanters)];
}

/** " in 14 library directories", where it is one number for all; a path is not searched for. */
function searched(groups: readonly Group[]): string {
  const counts = new Set(groups.flatMap((group) => (isPath(group) ? [] : group.issues.map((issue) => issue.searched))));
  const [count = 0] = counts;
  if (counts.size !== 1 || count === 0) return "";
  return ` in ${countOf(count, "library directory", "library directories")}`;
}

function isPath({ name }: Group): boolean {
  return name.includes("/");
}

function nearMisses(group: Group, context: ReportContext): readonly string[] {
  const names = [...new Set(group.issues.flatMap((issue) => issue.nearMisses))];
  return names.length === 0 ? [] : [`found instead: ${listOf(names.map((name) => showPath(name, context)))}`];
}

/** Of what is there for glibc and wanted for musl: nixpkgs builds its packages for musl too. Source: nixpkgs, variants.nix. */
function attributeOf({ name, issues }: Group): string | undefined {
  const attribute = nixpkgsAttributes.get(name);
  const isForMusl = issues.some(({ passedOver = [] }) => passedOver.some(({ reason }) => reason === "for-glibc"));
  return attribute !== undefined && isForMusl ? `pkgsMusl.${attribute}` : attribute;
}

/** "found, but it is for glibc: /libs/libstdc++.so.6", a line for each reason. */
function passedOver({ issues }: Group, context: ReportContext): readonly string[] {
  const files = issues.flatMap((issue) => issue.passedOver ?? []);
  return groupBy(files, ({ reason }) => reason).map((alike) => {
    const reason = alike[0]?.reason ?? "unreadable";
    return `found, but it ${rejections[reason]}: ${listSome([...new Set(alike.map(({ path }) => path))], context)}`;
  });
}

function helpFor(groups: readonly Group[], context: ReportContext): string {
  const { surface } = context;
  const drivers = groups.filter(({ name }) => isDriverLibrary(name));
  if (drivers.length > 0) {
    const others = groups.filter((group) => !drivers.includes(group));
    const driver = driverHelp(drivers, others.length === 0, context);
    return others.length === 0 ? driver : `${driver}; for the others, ${helpFor(others, context)}`;
  }
  const known = new Set<string>();
  const unknown: string[] = [];
  for (const group of groups) {
    const attribute = attributeOf(group);
    if (attribute === undefined) unknown.push(showPath(group.name, context));
    else known.add(attribute);
  }
  const libraries = showSetting("libraries", surface);
  const ignore = showSetting("ignoreMissing", surface);
  const one = groups.length === 1;
  if (surface === "hook") {
    const packages = [...known];
    if (unknown.length > 0) packages.push(one ? "its package" : `the ${packagesOf(unknown)}`);
    return `add ${listOf(packages)} to ${libraries}, or list ${one ? "it" : "what may be missing"} in ${ignore}`;
  }
  const from = known.size === 0 ? "" : `; with Nix: ${libraries} ${nixBuild([...known])}`;
  return one
    ? `give the directory that holds it with ${libraries}, or name it in ${ignore}${from}`
    : `give the directories that hold them with ${libraries}, or name what may be missing in ${ignore}${from}`;
}

/** What no package has, the machine's driver directory has when the program runs. */
function driverHelp(drivers: readonly Group[], areAll: boolean, context: ReportContext): string {
  const one = drivers.length === 1;
  const pronoun = one ? "it" : "they";
  const names = areAll ? pronoun : listOf(drivers.map(({ name }) => showPath(name, context)));
  const value = context.surface === "hook" ? ` = [ "${driverDirectory}" ]` : ` ${driverDirectory}`;
  return `${names} ${one ? "comes" : "come"} with the machine's driver: set ${showSetting("appendRunPath", context.surface)}${value}`;
}

// More names than this make the line unreadable; they stand above it anyway.
const namesInHelp = 4;

function packagesOf(names: readonly string[]): string {
  return names.length > namesInHelp
    ? `packages of the other ${names.length}`
    : `${names.length === 1 ? "package" : "packages"} of ${listOf(names)}`;
}
