// What the setup hook has to say of a package's attributes and files, in words.

import { describeUsageIssue, type UsageIssue } from "../cli/options/usage-message.ts";
import { escapeControls, type ReportContext, showPath } from "../report/context.ts";
import { errorMessage, type Message } from "../report/messages/message.ts";
import { countOf, describeErrorCode, listOf } from "../report/words.ts";
import type { AttributeKind } from "./attributes.ts";

/** Trouble with what a package says to the hook: exit status 2. */
export type HookIssue =
  /** `found` is the value as JSON would have it. */
  | {
      readonly kind: "wrong-attribute-type";
      readonly attribute: string;
      readonly expected: AttributeKind;
      readonly found: unknown;
    }
  | {
      readonly kind: "wrong-choice";
      readonly attribute: string;
      readonly found: string;
      readonly choices: readonly string[];
    }
  | {
      readonly kind: "relative-attribute-path";
      readonly attribute: string;
      readonly path: string;
    }
  /** An option in one of the attributes that hold options. */
  | {
      readonly kind: "bad-flag";
      readonly attribute: string;
      readonly issue: UsageIssue;
    }
  /** A word in them that belongs to no option. */
  | {
      readonly kind: "stray-word";
      readonly attribute: string;
      readonly word: string;
    }
  | {
      readonly kind: "unknown-argument";
      readonly command: HookCommand;
      readonly argument: string;
    }
  | { readonly kind: "no-arguments"; readonly command: HookCommand }
  /** A directory given to addWrapBuddySearchPath that cannot be read when it is needed; `code` is the system's. */
  | {
      readonly kind: "bad-search-directory";
      readonly path: string;
      readonly code: string;
    };

/** The shell functions that packages call. */
export type HookCommand = "wrapBuddy" | "addWrapBuddySearchPath";

const forms: Readonly<Record<AttributeKind, string>> = {
  words: "a list of strings",
  patterns: "a list of strings, or true",
  paths: "a list of packages or absolute paths",
  toggle: "true or false",
  choice: "a string",
  switch: "true or false",
};

const usages: Readonly<Record<HookCommand, string>> = {
  wrapBuddy: "wrapBuddy [--no-recurse] [--] PATH…",
  addWrapBuddySearchPath: "addWrapBuddySearchPath [--no-recurse] [--] DIR…",
};

/** The words for one issue. */
export function describeHookIssue(issue: HookIssue, context: ReportContext): Message {
  switch (issue.kind) {
    case "wrong-attribute-type":
      return errorMessage(
        `${issue.attribute}: expected ${forms[issue.expected]}, got ${describeValue(issue.found)}`,
        `write ${issue.attribute} = ${examples[issue.expected]};`,
      );
    case "relative-attribute-path":
      return errorMessage(
        `${issue.attribute}: expected ${forms.paths}, got "${escapeControls(issue.path)}"`,
        "write a package, or a path that begins with a slash",
      );
    case "wrong-choice":
      return errorMessage(
        `${issue.attribute}: expected ${listOf(issue.choices, "or")}, got "${escapeControls(issue.found)}"`,
        `write ${issue.attribute} = ${examples.choice};`,
      );
    case "bad-flag": {
      const described = describeUsageIssue(issue.issue, "");
      return {
        ...described,
        headline: `${issue.attribute}: ${described.headline}`,
      };
    }
    case "stray-word":
      return errorMessage(
        `${issue.attribute}: "${escapeControls(issue.word)}" belongs to no option`,
        "what to wrap is said by calling wrapBuddy PATH… in postFixup",
      );
    case "unknown-argument":
      return errorMessage(
        `${issue.command}: unknown option ${escapeControls(issue.argument)}`,
        `${usages[issue.command]}; every other option goes into wrapBuddyFlags`,
      );
    case "no-arguments":
      return errorMessage(`${issue.command}: no path given`, usages[issue.command]);
    case "bad-search-directory":
      return errorMessage(
        `${showPath(issue.path, context)}: ${describeErrorCode(issue.code)}`,
        "addWrapBuddySearchPath was called with it; it has to be there when the outputs are wrapped",
      );
    default:
      return issue satisfies never;
  }
}

const examples: Readonly<Record<AttributeKind, string>> = {
  words: '[ "one" "two" ]',
  patterns: '[ "libcuda.so.*" ]',
  paths: "[ libGL ]",
  toggle: "false",
  choice: '"auto"',
  switch: "true",
};

const longestShown = 60;

function describeValue(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  const shown = escapeControls(text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);
  if (Array.isArray(value)) return `the list ${shown}`;
  return typeof value === "object" && value !== null ? `the set ${shown}` : shown;
}

/** A runtime dependency that is there and has no libraries: most often the wrong output of a package. */
export function describeEmptyDependency(path: string): Message {
  return {
    severity: "warning",
    headline: `runtimeDependencies: ${escapeControls(path)} holds no library, nor has it a lib directory`,
    details: [],
    help: ["of a package with several outputs its first one is taken; write (lib.getLib PACKAGE)"],
  };
}

/** A file that strip is kept off, because of `bytes` in it that no section holds. */
export function describeUnstrippable(path: string, bytes: number, context: ReportContext): Message {
  return {
    severity: "note",
    headline: `${showPath(path, context)}: not stripped, ${countOf(bytes, "byte")} outside its sections would be lost`,
    details: [],
    help: [],
  };
}

/** An output, or all of them, in which there is nothing to wrap. */
export function describeNothingToWrap(shown: readonly string[]): Message {
  return {
    severity: "note",
    headline: `no executable to wrap in ${shown.join(", ")}`,
    details: [],
    help: ["set dontWrapBuddy = true, or take wrapBuddy out of nativeBuildInputs, if that is as it should be"],
  };
}
