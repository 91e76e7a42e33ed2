// Missing libraries of all files as one message: grouped by library, with everyone who wants it, the nixpkgs package
// of the well-known ones, and files that are there instead.

import { groupBy } from "../../base/group-by.ts";
import { driverDirectory, isDriverLibrary } from "../../linker/search/drivers.ts";
import type { LibraryIssue } from "../../linker/solve/library-issue.ts";
import { type ReportContext, showPath } from "../context.ts";
import { nixpkgsAttributes } from "../nixpkgs-attributes.ts";
import { showSetting } from "../settings.ts";
import type { Severity } from "../severity.ts";
import { countOf, listOf } from "../words.ts";
import type { Message } from "./message.ts";

type MissingLibrary = Extract<LibraryIssue, { readonly kind: "missing-library" }>;

interface Group {
  readonly name: string;
  readonly issues: readonly MissingLibrary[];
}

/** One message a severity, or none. Libraries come in the order in which they were first missed. */
export function describeMissingLibraries(
  issues: readonly MissingLibrary[],
  context: ReportContext,
): readonly Message[] {
  const severities: readonly Severity[] = ["note", "warning", "error"];
  return severities.flatMap((severity) => {
    const groups = groupByName(issues.filter((issue) => issue.severity === severity));
    return groups.length === 0 ? [] : [describeGroups(groups, severity, context)];
  });
}

function groupByName(issues: readonly MissingLibrary[]): readonly Group[] {
  return groupBy(issues, ({ name }) => name).map((group) => ({ name: group[0]?.name ?? "", issues: group }));
}

function describeGroups(groups: readonly Group[], severity: Severity, context: ReportContext): Message {
  const help = severity === "note" ? [] : [helpFor(groups, context)];
  const [first, ...more] = groups;
  const [issue, ...others] = first?.issues ?? [];
  if (issue !== undefined && first !== undefined && more.length === 0 && others.length === 0) {
    const wanter = issue.neededBy === issue.executable ? "" : `, which ${showPath(issue.neededBy, context)} needs,`;
    const name = showPath(issue.name, context);
    return {
      severity,
      headline: `${showPath(issue.executable, context)}: ${name}${wanter} not found${searched(first)}`,
      details: nearMisses(first, context),
      help,
    };
  }
  const executables = new Set(groups.flatMap((group) => group.issues.map((one) => one.executable)));
  return {
    severity,
    headline: `${countOf(groups.length, "library", "libraries")} of ${countOf(executables.size, "executable")} not found`,
    details: groups.flatMap((group) => describeGroup(group, context)),
    help,
  };
}

function describeGroup(group: Group, context: ReportContext): readonly string[] {
  const attribute = nixpkgsAttributes.get(group.name);
  const source = attribute === undefined ? "" : `, nixpkgs has it in ${attribute}`;
  return [
    `${showPath(group.name, context)}: not${isPath(group) ? " there" : searched(group)}${source}`,
    ...wanters(group, context).map((line) => `  ${line}`),
    ...nearMisses(group, context).map((line) => `  ${line}`),
  ];
}

/** "needed by bin/tool", "needed by lib/libq.so of bin/tool and bin/other": each object that wants it once. */
function wanters(group: Group, context: ReportContext): readonly string[] {
  const executablesByWanter = new Map<string, Set<string>>();
  for (const { neededBy, executable } of group.issues) {
    const executables = executablesByWanter.get(neededBy) ?? new Set();
    executables.add(executable);
    executablesByWanter.set(neededBy, executables);
  }
  return [...executablesByWanter].map(([neededBy, executables]) => {
    const others = [...executables].filter((path) => path !== neededBy).map((path) => showPath(path, context));
    const through = others.length === 0 ? "" : `, loaded by ${firstOf(others)}`;
    return `needed by ${showPath(neededBy, context)}${through}`;
  });
}

// A plug-in is every executable's: a tree of a hundred would fill the screen with their names. --json has them all.
const executablesShown = 4;

function firstOf(paths: readonly string[]): string {
  if (paths.length <= executablesShown) return listOf(paths);
  return listOf([...paths.slice(0, executablesShown - 1), `${paths.length - executablesShown + 1} others`]);
}

/** " in 14 library directories"; nothing for a path, which is not searched for. */
function searched(group: Group): string {
  if (isPath(group)) return "";
  const counts = group.issues.map((issue) => issue.searched);
  const fewest = Math.min(...counts);
  const most = Math.max(...counts);
  if (fewest === most) return ` in ${countOf(most, "library directory", "library directories")}`;
  return ` in ${fewest} to ${most} library directories`;
}

function isPath({ name }: Group): boolean {
  return name.includes("/");
}

function nearMisses(group: Group, context: ReportContext): readonly string[] {
  const names = [...new Set(group.issues.flatMap((issue) => issue.nearMisses))];
  return names.length === 0 ? [] : [`found instead: ${listOf(names.map((name) => showPath(name, context)))}`];
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
  for (const { name } of groups) {
    const attribute = nixpkgsAttributes.get(name);
    if (attribute === undefined) unknown.push(showPath(name, context));
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

/**
 * What a shell replaces by the packages' store paths, whichever output the libraries are in: of a package that is
 * given, its lib is searched. Source: Nix manual, nix build, --print-out-paths, and "Derivation output selection".
 */
function nixBuild(attributes: readonly string[]): string {
  const packages = attributes.map((attribute) => `'nixpkgs#${attribute}^*'`);
  return `$(nix build --no-link --print-out-paths ${packages.join(" ")})`;
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
