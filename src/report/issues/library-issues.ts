// Trouble with libraries: every kind with its severity, its words and its JSON.

import type { LibraryIssue } from "../../linker/solve/library-issue.ts";
import { showPath } from "../context.ts";
import { describeDefect } from "../messages/defect-message.ts";
import { describeMissingLibraries } from "../messages/missing-library-message.ts";
import { describeMissingVersions } from "../messages/missing-version-message.ts";
import { describeOldPaths } from "../messages/old-path-message.ts";
import { describeOpenedByName } from "../messages/opened-by-name-message.ts";
import { rejections } from "../messages/rejection-words.ts";
import { showSetting } from "../settings.ts";
import { countOf, listOf } from "../words.ts";
import { about, type IssueTable } from "./issue-table.ts";

/** What stands last is said last: the missing libraries are what is looked for at the end of a long log. */
export const libraryIssues = {
  "duplicate-soname": {
    severity: "as-found",
    schema: ({ issue, path, z }) =>
      issue("duplicate-soname", { name: z.string(), taken: path, notTaken: z.array(path) }),
    words: ({ name, taken, notTaken }, context) => ({
      headline: `${name} is there more than once: ${showPath(taken, context)} is taken`,
      details: notTaken.map((path) => `not taken: ${showPath(path, context)}`),
      help: [],
    }),
  },
  "rejected-candidate": {
    severity: "as-found",
    schema: ({ issue, path, rejectionReason, z }) =>
      issue("rejected-candidate", { name: z.string(), path, reason: rejectionReason }),
    words: ({ name, path, reason }, context) =>
      about(path, context, `not taken for ${showPath(name, context)}: it ${rejections[reason]}`),
  },
  "only-on-this-machine": {
    severity: "as-found",
    schema: ({ issue, path, z }) =>
      issue("only-on-this-machine", {
        executable: path,
        neededBy: path,
        entry: z.enum(["run-path", "needed"]),
        path,
        libraries: z.array(z.string()),
        count: z.int().check(z.describe("executables that have the entry, or load what has it")),
      }),
    words: ({ executable, neededBy, entry, path, libraries, count }, context) => {
      const who = count === 1 ? showPath(neededBy, context) : countOf(count, "executable", "executables");
      const it = libraries.length === 1 ? "it" : "them";
      const setting = showSetting("libraries", context.surface);
      const given = `give the directory that holds ${it} with ${setting}`;
      const help = context.surface !== "hook" ? given : `add the package that has ${it} to ${setting}`;
      const isLast = neededBy === executable ? ", and is searched last" : "";
      return {
        headline:
          entry === "needed"
            ? `${who}: ${showPath(path, context)} is needed by its path, and may be on this machine only`
            : `${who}: run path entry ${showPath(path, context)} may be on this machine only${isLast}`,
        details:
          libraries.length === 0
            ? []
            : [`found nowhere else: ${listOf(libraries.map((name) => showPath(name, context)))}`],
        help: libraries.length === 0 ? [] : [help],
      };
    },
  },
  "given-directories-unsearched": {
    severity: "as-found",
    schema: ({ issue, path, z }) => issue("given-directories-unsearched", { path, directories: z.array(path) }),
    words: ({ path, directories }, context) =>
      about(
        path,
        context,
        `has a DT_RUNPATH of its own, so what it opens is not searched for in ${listOf(directories.map((one) => showPath(one, context)))}`,
        `name what it opens in ${showSetting("needed", context.surface)}: then the executable loads it before`,
      ),
  },
  "lost-by-move": {
    severity: "as-found",
    schema: ({ issue, path, z }) => issue("lost-by-move", { executable: path, name: z.string(), neededBy: path, path }),
    words: ({ executable, name, neededBy, path }, context) => ({
      ...about(
        neededBy,
        context,
        `${showPath(name, context)} would not be found in a store that is moved: it is ${showPath(path, context)} now, which nothing names relative to the executable`,
        `let libraries be pinned (${showSetting("pin", context.surface)}), or wrap without ${showSetting("relocatable", context.surface)}`,
      ),
      details: neededBy === executable ? [] : [`loaded by ${showPath(executable, context)}`],
    }),
  },
  "opens-by-old-path": {
    severity: "as-found",
    schema: ({ issue, path, z }) =>
      issue("opens-by-old-path", {
        executable: path,
        path,
        directories: z.array(path),
        count: z.int().check(z.describe("executables that load it")),
      }),
    together: describeOldPaths,
  },
  // Source: the ELF dlopen metadata specification (UAPI group): the meaning of the three priorities.
  "dlopen-missing": {
    severity: "as-found",
    schema: ({ issue, path, z }) =>
      issue("dlopen-missing", {
        executable: path,
        neededBy: path,
        alternatives: z.array(z.string()),
        feature: z.optional(z.string()),
        priority: z.enum(["required", "recommended", "suggested"]),
      }),
    words: ({ executable, neededBy, alternatives, feature, priority }, context) => {
      const { surface } = context;
      const names = listOf(
        alternatives.map((name) => showPath(name, context)),
        "or",
      );
      const wanted = feature === undefined ? priority : `${priority} for ${feature}`;
      const libraries = showSetting("libraries", surface);
      const ignore = showSetting("ignoreMissing", surface);
      const it = alternatives.length === 1 ? "it" : "one of them";
      const help =
        surface !== "hook"
          ? `give the directory that holds ${it} with ${libraries}, or name it in ${ignore}`
          : `add the package that has ${it} to ${libraries}, or list it in ${ignore}`;
      return {
        ...about(neededBy, context, `${names} not found, which it opens while it runs (${wanted})`, help),
        details: neededBy === executable ? [] : [`loaded by ${showPath(executable, context)}`],
      };
    },
  },
  "opened-by-name": {
    severity: "as-found",
    schema: ({ issue, path, z }) =>
      issue("opened-by-name", { executable: path, neededBy: path, alternatives: z.array(z.string()) }),
    together: describeOpenedByName,
  },
  "damaged-versions": {
    severity: "as-found",
    schema: ({ defect, issue, path }) => issue("damaged-versions", { executable: path, path, defect }),
    words: ({ executable, path, defect }, context) => ({
      ...about(path, context, describeDefect(defect), "fetch it again: glibc ends every program that loads it"),
      details: path === executable ? [] : [`loaded by ${showPath(executable, context)}`],
    }),
  },
  "missing-version": {
    severity: "as-found",
    schema: ({ issue, path, z }) =>
      issue("missing-version", {
        executable: path,
        neededBy: path,
        library: z.string(),
        libraryPath: path,
        version: z.string(),
        newestProvided: z.optional(z.string()),
      }),
    together: describeMissingVersions,
  },
  "missing-library": {
    severity: "as-found",
    schema: ({ issue, passedOver, path, z }) =>
      issue("missing-library", {
        executable: path,
        name: z.string(),
        neededBy: path,
        searched: z.int().check(z.describe("directories looked at")),
        neededByFile: z.optional(path),
        nearMisses: z.array(z.string()),
        passedOver: z.optional(passedOver),
      }),
    together: describeMissingLibraries,
  },
} as const satisfies IssueTable<LibraryIssue>;
