// A command line or an environment that cannot be understood, in words.

import { escapeControls } from "../../report/context.ts";
import { errorMessage, type Message } from "../../report/messages/message.ts";
import { listOf } from "../../report/words.ts";

/** Trouble with what was typed, or with a variable of the environment: exit status 2. */
export type UsageIssue =
  /** `name` as typed, with its dashes. `of`: other commands that have it. */
  | {
      readonly kind: "unknown-option";
      readonly name: string;
      readonly nearest: string | undefined;
      readonly of?: readonly string[];
    }
  | { readonly kind: "unknown-command"; readonly name: string; readonly nearest: string | undefined }
  | { readonly kind: "missing-value"; readonly option: string; readonly placeholder: string }
  | { readonly kind: "empty-path" }
  | { readonly kind: "unexpected-value"; readonly option: string; readonly value: string }
  | {
      readonly kind: "bad-value";
      readonly option: string;
      readonly value: string;
      readonly expected: readonly string[];
    }
  | { readonly kind: "conflicting-options"; readonly options: readonly string[] }
  /** `purpose`: what is to be done to the paths, a verb. `taken`: the last value of a list, which may be meant. */
  | {
      readonly kind: "no-paths";
      readonly purpose: string;
      readonly taken?: {
        readonly command: string;
        readonly path: string;
        /** The list's option, with its dashes, and what else it was given. */
        readonly option: string;
        readonly others: readonly string[];
      };
    }
  /** `wantedBy`: an option that means nothing without it. Without dashes. */
  | {
      readonly kind: "option-missing";
      readonly option: string;
      readonly placeholder: string;
      readonly wantedBy?: string;
    }
  | { readonly kind: "bad-variable"; readonly variable: string; readonly value: string; readonly expected: string };

/** The words for one usage issue; `command`: the one that was typed, "" where none was. */
export function describeUsageIssue(issue: UsageIssue, command: string): Message {
  const seeHelp = `${["wrap-buddy", command, "--help"].filter((word) => word !== "").join(" ")} lists every option`;
  switch (issue.kind) {
    case "unknown-option":
      return errorMessage(`unknown option ${escapeControls(issue.name)}`, `${hintOf(issue)}${seeHelp}`);
    case "unknown-command":
      return errorMessage(
        `${escapeControls(issue.name)}: no such command, and no such file`,
        issue.nearest === undefined ? seeHelp : `did you mean ${issue.nearest}? wrap-buddy --help lists every command`,
      );
    case "missing-value":
      return errorMessage(`${issue.option}: value missing`, `write ${issue.option} ${issue.placeholder}`);
    case "empty-path":
      return errorMessage("a path is empty", "check the variable that it comes from; this directory is .");
    case "unexpected-value":
      return errorMessage(`${issue.option}: takes no value, got ${quote(issue.value)}`, `write ${issue.option} alone`);
    case "bad-value":
      return errorMessage(
        `${issue.option}: ${quote(issue.value)} is not a value of it`,
        `give ${listOf(issue.expected, "or")}`,
      );
    case "conflicting-options":
      return errorMessage(`${listOf(issue.options)} contradict each other`, "give one of them");
    case "no-paths":
      return issue.taken === undefined
        ? errorMessage("no path given", `name the executables or directories to ${issue.purpose}; ${seeHelp}`)
        : pathTaken(issue.taken);
    case "option-missing":
      return errorMessage(
        issue.wantedBy === undefined
          ? `--${issue.option} is missing`
          : `--${issue.wantedBy} means nothing without --${issue.option}`,
        `give --${issue.option} ${issue.placeholder}; ${seeHelp}`,
      );
    case "bad-variable":
      return errorMessage(
        `environment variable ${issue.variable}: ${quote(issue.value)} is not ${issue.expected}`,
        `set it to ${issue.expected}, or unset it`,
      );
    default:
      return issue satisfies never;
  }
}

function hintOf({ nearest, of = [] }: Extract<UsageIssue, { kind: "unknown-option" }>): string {
  if (of.length > 0) return `it is an option of ${listOf(of)}; `;
  return nearest === undefined ? "" : `did you mean ${nearest}? `;
}

function pathTaken({ command, path, option, others }: NonNullable<Extract<UsageIssue, { kind: "no-paths" }>["taken"]>) {
  const shown = escapeControls(path);
  const words = [shown, option, ...others.map(escapeControls)].join(" ");
  return errorMessage(
    `no path given: ${option} has taken ${shown} too, since it takes every word up to the next option`,
    `if ${shown} is what to ${command}, put it first: wrap-buddy ${command} ${words}`,
  );
}

function quote(text: string): string {
  return `"${escapeControls(text)}"`;
}
