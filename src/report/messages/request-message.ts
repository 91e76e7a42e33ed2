// Trouble with what was asked for, in words.

import type { RequestIssue } from "../../files/request-issue.ts";
import { escapeControls, type ReportContext, type Surface, showPath } from "../context.ts";
import { showMachine } from "../machine-name.ts";
import { showSetting } from "../settings.ts";
import { describeErrorCode } from "../words.ts";
import { describeDefect } from "./defect-message.ts";
import { describeSkipReason, helpForSkipReason } from "./skip-reason-words.ts";

/** The parts of a message that do not depend on its severity. */
export interface MessageText {
  readonly headline: string;
  readonly details: readonly string[];
  readonly help: readonly string[];
}

function text(headline: string, ...help: readonly (string | undefined)[]): MessageText {
  return { headline, details: [], help: help.filter((line) => line !== undefined) };
}

const interpreterProblems = {
  "no-such-file": "no such file",
  unreadable: "cannot be read",
  "not-elf": "not an ELF file",
  damaged: "damaged",
  "not-a-dynamic-linker": "not the dynamic linker of glibc or musl",
  "unusual-layout": "laid out in a way that the loader does not map",
  "other-machine": "built for another machine",
} as const;

/** The words for one issue about the request. */
export function describeRequestIssue(issue: RequestIssue, context: ReportContext): MessageText {
  const { surface } = context;
  const path = showPath(issue.path, context);
  switch (issue.kind) {
    case "no-such-path":
      return text(`${path}: no such file or directory`, `check what is given to ${showSetting("paths", surface)}`);
    case "cannot-read":
      return text(
        `${path}: cannot be read: ${describeErrorCode(issue.code)}`,
        `make it readable, or leave it out with ${showSetting("exclude", surface)}`,
      );
    case "damaged-elf":
      return text(
        `${path}: ${describeDefect(issue.defect)}`,
        issue.defect.kind === "not-elf"
          ? helpForSkipReason("not-elf", surface)
          : `fetch it again if it was cut short, or leave it out with ${showSetting("exclude", surface)}`,
      );
    case "cannot-wrap-named-file":
      return text(
        `${path}: cannot be wrapped: it ${describeSkipReason(issue.reason, issue.detail)}`,
        helpForSkipReason(issue.reason, surface) ?? "leave it out",
      );
    case "no-interpreter":
      return describeNoInterpreter([issue], context);
    case "bad-interpreter":
      return text(
        `${path}: cannot be the dynamic linker: ${interpreterProblems[issue.problem]}`,
        `check what is given to ${showSetting("interpreter", surface)}`,
      );
    case "bad-library-directory":
      return text(
        `${path}: not searched for libraries: ${describeErrorCode(issue.code)}`,
        issue.code === "ENOTDIR"
          ? `give ${surface === "cli" ? "the directory that holds it" : "its package"} to ${showSetting("libraries", surface)}`
          : `check what is given to ${showSetting("libraries", surface)}`,
      );
    case "interpreter-gone":
      return text(
        `${path}: its dynamic linker ${showPath(issue.interpreter, context)} cannot load it: ${interpreterProblems[issue.problem]}`,
        `wrap it with one that is here: ${showSetting("interpreter", surface)}`,
      );
    default:
      return issue satisfies never;
  }
}

type NoInterpreter = Extract<RequestIssue, { readonly kind: "no-interpreter" }>;

/** The words for files that all lack the same dynamic linker: of one machine and class, naming the same one. */
export function describeNoInterpreter(issues: readonly NoInterpreter[], context: ReportContext): MessageText {
  const { surface } = context;
  const [issue] = issues;
  if (issue === undefined) return text("no dynamic linker");
  const target = `${issue.elfClass}-bit ${showMachine(issue.machine)}`;
  const paths = issues.map(({ path }) => showPath(path, context));
  const subject = paths.length === 1 ? `${paths.join()}: ` : "";
  const named = `(${paths.length === 1 ? "it names" : "they name"} ${showPath(issue.named, context)})`;
  const executables = paths.length === 1 ? "" : ` for ${paths.length} executables`;
  return {
    headline: `${subject}no ${target} dynamic linker is given or found${executables} ${named}`,
    details: paths.length === 1 ? [] : paths,
    help: [
      surface === "cli"
        ? `pass one with --interpreter, for example ${exampleInterpreter(issue, surface)}`
        : `add one to ${showSetting("interpreter", surface)}, for example ${exampleInterpreter(issue, surface)}`,
    ],
  };
}

/** A path in a package, with the file name that the executable asks for. */
function exampleInterpreter({ named }: NoInterpreter, surface: Surface): string {
  const name = escapeControls(named.slice(named.lastIndexOf("/") + 1));
  const libc = name.startsWith("ld-musl-") ? "musl" : "glibc";
  return surface === "cli" ? `/nix/store/…-${libc}-…/lib/${name}` : `\${${libc}}/lib/${name}`;
}
