// Trouble with what was asked for: every kind with its severity, its words and its JSON.

import { groupBy } from "../../base/group-by.ts";
import { baseName } from "../../base/path.ts";
import { optionalParts } from "../../elf/optional-parts.ts";
import { type NoElf, noElfReasons, type SkipReason } from "../../files/kind/skip-reason.ts";
import type { RequestIssue } from "../../files/request-issue.ts";
import { type InterpreterProblem, interpreterProblems } from "../../linker/interpreter/interpreter.ts";
import { escapeControls, type ReportContext, type Surface, showPath } from "../context.ts";
import { showMachine } from "../machine-name.ts";
import { describeDefect } from "../messages/defect-message.ts";
import type { Message } from "../messages/message.ts";
import { describeSkipReason, helpForSkipReason, nameSkipReason } from "../messages/skip-reason-words.ts";
import { readHelp } from "../messages/system-call-help.ts";
import { leaveOut, showSetting } from "../settings.ts";
import { countOf, describeErrorCode } from "../words.ts";
import { about, type IssueTable } from "./issue-table.ts";

const problemWords: { readonly [Problem in InterpreterProblem | "other-machine"]: string } = {
  "no-such-file": "no such file",
  unreadable: "cannot be read",
  "not-elf": "not an ELF file",
  damaged: "damaged",
  "not-a-dynamic-linker": "not the dynamic linker of glibc or musl",
  "unusual-layout": "laid out in a way that the loader does not map",
  "other-machine": "built for another machine",
};

/** By kind. */
export const requestIssues = {
  "no-such-path": {
    severity: "error",
    schema: ({ issue, path }) => issue("no-such-path", { path }),
    words: ({ path }, context) =>
      about(
        path,
        context,
        "no such file or directory",
        context.surface !== "hook"
          ? "check its spelling"
          : `check what is given to ${showSetting("paths", context.surface)}`,
      ),
  },
  "cannot-read": {
    severity: "error",
    schema: ({ errorCode, issue, path }) => issue("cannot-read", { path, code: errorCode }),
    words: ({ path, code }, context) =>
      about(path, context, `cannot be read: ${describeErrorCode(code)}`, readHelp(code, context.surface)),
  },
  "not-looked-at": {
    severity: "as-found",
    schema: ({ errorCode, issue, path, z }) =>
      issue("not-looked-at", { path, what: z.enum(["file", "directory"]), code: errorCode }),
    words: ({ path, what, code }, context) =>
      about(
        path,
        context,
        `${what === "file" ? "not looked at" : "nothing in it was looked at"}: ${describeErrorCode(code)}`,
        readHelp(code, context.surface),
      ),
  },
  "damage-ignored": {
    severity: "note",
    schema: ({ defect, issue, path, z }) => issue("damage-ignored", { path, part: z.enum(optionalParts), defect }),
    words: ({ path, part, defect }, context) =>
      about(path, context, `its ${part} are damaged, which it starts without: ${describeDefect(defect)}`),
  },
  "program-without-execute-bit": {
    severity: "warning",
    schema: ({ issue, path }) => issue("program-without-execute-bit", { path }),
    words: ({ path }, context) =>
      about(
        path,
        context,
        "has no execute bit, and is left alone",
        context.surface === "hook"
          ? "set it in installPhase or postInstall (chmod +x): an archive may have lost it"
          : "set it (chmod +x), or name the file itself: an archive may have lost it",
      ),
  },
  "damaged-elf": {
    severity: "as-found",
    schema: ({ defect, issue, path }) => issue("damaged-elf", { path, defect }),
    words: ({ severity, path, defect }, context) =>
      about(
        path,
        context,
        severity === "warning"
          ? `left alone, because it is damaged: ${describeDefect(defect)}`
          : describeDefect(defect),
        defect.kind === "not-elf"
          ? helpForSkipReason("not-elf", context.surface)
          : `fetch it again if it was cut short, or ${leaveOut(context.surface)}`,
      ),
  },
  "not-elf": {
    severity: "error",
    schema: ({ issue, path, z }) =>
      issue("not-elf", { path, reason: z.enum(noElfReasons), detail: z.optional(z.string()) }),
    words: ({ path, reason, detail }, context) =>
      about(path, context, `not an ELF file${whatItIs(reason, detail)}`, helpForSkipReason(reason, context.surface)),
  },
  "cannot-wrap-named-file": {
    severity: "error",
    schema: ({ issue, path, skipReason, z }) =>
      issue("cannot-wrap-named-file", { path, reason: skipReason, detail: z.optional(z.string()) }),
    words: ({ path, reason, detail }, context) =>
      about(
        path,
        context,
        `cannot be wrapped: it ${describeSkipReason(reason, detail)}`,
        helpForSkipReason(reason, context.surface) ?? "leave it out",
      ),
  },
  "no-interpreter": {
    severity: "error",
    schema: ({ elfClass, issue, path, z }) =>
      issue("no-interpreter", { path, named: path, machine: z.int(), elfClass }),
    together: (issues, context) =>
      groupBy(issues, ({ named, machine, elfClass }) => JSON.stringify([named, machine, elfClass])).flatMap((group) =>
        describeNoInterpreter(group, context),
      ),
  },
  "bad-interpreter": {
    severity: "error",
    schema: ({ issue, path, z }) => issue("bad-interpreter", { path, problem: z.enum(interpreterProblems) }),
    words: ({ path, problem }, context) =>
      about(
        path,
        context,
        `cannot be the dynamic linker: ${problemWords[problem]}`,
        `check what is given to ${showSetting("interpreter", context.surface)}`,
      ),
  },
  "gc-roots-not-made": {
    severity: "as-found",
    schema: ({ issue, path, z }) =>
      issue("gc-roots-not-made", { path, directory: path, storePaths: z.array(path), reason: z.string() }),
    words: ({ path, directory, storePaths, reason }, context) =>
      about(
        path,
        context,
        `nothing keeps ${countOf(storePaths.length, "store path")} that it refers to from the garbage collector: ${showPath(directory, context)}: ${reason}`,
        "give a directory for the roots with --gc-roots=DIR, or do without with --no-gc-roots",
      ),
  },
  // What the directory was to hold is an error by itself, where it is missed.
  "bad-library-directory": {
    severity: "warning",
    schema: ({ errorCode, issue, path }) => issue("bad-library-directory", { path, code: errorCode }),
    words: ({ path, code }, context) => {
      const libraries = showSetting("libraries", context.surface);
      const holder = context.surface !== "hook" ? "the directory that holds it" : "its package";
      return about(
        path,
        context,
        `not searched for libraries: ${describeErrorCode(code)}`,
        code === "ENOTDIR" ? `give ${holder} to ${libraries}` : `check what is given to ${libraries}`,
      );
    },
  },
  "interpreter-gone": {
    severity: "error",
    schema: ({ issue, path, skipReason, z }) =>
      issue("interpreter-gone", {
        path,
        interpreter: path,
        problem: z.enum([...interpreterProblems, "other-machine"]),
        leftAlone: z.optional(skipReason).check(z.describe("why it is not wrapped with another one")),
      }),
    words: ({ path, interpreter, problem, leftAlone }, context) =>
      about(
        path,
        context,
        `its dynamic linker ${showPath(interpreter, context)} cannot load it: ${problemWords[problem]}`,
        helpWithoutLinker(leftAlone, context),
      ),
  },
} as const satisfies IssueTable<RequestIssue>;

function helpWithoutLinker(leftAlone: SkipReason | undefined, { surface }: ReportContext): string {
  if (leftAlone === undefined) return `wrap it with one that is here: ${showSetting("interpreter", surface)}`;
  return leftAlone === "already-nix"
    ? "have Nix build or fetch the linker's store path again: nix-store --realise"
    : `it starts only where such a linker is, and wrapping cannot change that: ${nameSkipReason(leftAlone)}`;
}

function whatItIs(reason: NoElf, detail: string | undefined): string {
  if (detail !== undefined) return `: it is ${escapeControls(detail)}`;
  return reason === "not-elf" ? "" : `: it ${describeSkipReason(reason, undefined)}`;
}

type NoInterpreter = Extract<RequestIssue, { readonly kind: "no-interpreter" }>;

/** One message for files that all lack the same dynamic linker: of one machine and class, naming the same one. */
function describeNoInterpreter(issues: readonly NoInterpreter[], context: ReportContext): readonly Message[] {
  const { surface } = context;
  const [first] = issues;
  if (first === undefined) return [];
  const target = `${first.elfClass}-bit ${showMachine(first.machine)}`;
  const paths = issues.map((one) => showPath(one.path, context));
  const subject = paths.length === 1 ? `${paths.join()}: ` : "";
  const named = `(${paths.length === 1 ? "it names" : "they name"} ${showPath(first.named, context)})`;
  const executables = paths.length === 1 ? "" : ` for ${paths.length} executables`;
  return [
    {
      severity: "error",
      headline: `${subject}no ${target} dynamic linker is given or found${executables} ${named}`,
      details: paths.length === 1 ? [] : paths,
      help: [
        surface !== "hook"
          ? `pass one with --interpreter, for example ${exampleInterpreter(first, surface)}`
          : `add one to ${showSetting("interpreter", surface)}, for example ${exampleInterpreter(first, surface)}`,
      ],
    },
  ];
}

/** A path in a package, with the file name that the executable asks for. */
function exampleInterpreter({ named }: NoInterpreter, surface: Surface): string {
  const name = escapeControls(baseName(named));
  const libc = name.startsWith("ld-musl-") ? "musl" : "glibc";
  return surface !== "hook" ? `/nix/store/…-${libc}-…/lib/${name}` : `\${${libc}}/lib/${name}`;
}
