// Which dynamic linker loads a file, and with which additions of wrapping.

import { textOfBytes } from "../../base/text.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import type { Interpreter } from "../../linker/interpreter/interpreter.ts";
import { fitsInterpreter } from "../../linker/interpreter/load-interpreter.ts";
import type { Program } from "../../linker/load/load-order.ts";
import { resolve } from "../../linker/solve/resolve.ts";
import type { Original } from "../../patch/original.ts";
import type { Issue } from "../../report/issue.ts";
import { executableContext, type Surroundings } from "../surroundings.ts";
import type { FileToInspect } from "./file-to-inspect.ts";
import { type Installed, installedByResolution, installedBySidecar, unchanged } from "./installed.ts";
import type { Linkers } from "./linkers.ts";
import { linkerPath } from "./reference.ts";

/** "as-it-is": what the files do now. "if-wrapped": what they would do if they were wrapped as the request says. */
export type Question = "as-it-is" | "if-wrapped";

/** One file and what is known of it. */
export interface Subject extends FileToInspect {
  /** The original. */
  readonly elf: ElfFile;
  readonly program: Program;
  readonly original: Original;
  readonly question: Question;
  /** Undefined where nothing is to be wrapped: what is there is all that counts. */
  readonly surroundings: Surroundings | undefined;
  readonly linkerAt: Linkers;
}

export interface Loader {
  /** Undefined where nothing loads the file: it needs no dynamic linker, or there is none. */
  readonly installed?: Installed;
  readonly issues: readonly Issue[];
  /** The issues are those of a resolution, which are about the load too. */
  readonly replacesLoadIssues?: boolean;
}

/** Decides between the file as it is and the file as it would be wrapped. */
export function whatLoads(subject: Subject): Loader {
  const { original, leftAlone, question, elf } = subject;
  if (original.kind === "damaged") return { issues: [original.issue] };
  if (leftAlone === undefined && question === "if-wrapped") return ifWrapped(subject) ?? withoutInterpreter(subject);
  // A run that was stopped before its last write leaves a file that starts as the original does.
  if (original.kind === "wrapped" && original.isCleared) {
    const path = linkerPath(textOfBytes(original.sidecar.interpreter), subject.program.origin);
    return loadedBy(subject, path, (interpreter) => installedBySidecar(subject.program, original.sidecar, interpreter));
  }
  const named = elf.interpreter();
  if (named !== undefined) return asNamed(subject, named);
  const isLibrary = leftAlone?.reason === "shared-library";
  const chosen = isLibrary ? subject.surroundings?.interpreters.choose(elf) : undefined;
  return chosen === undefined ? { issues: [] } : { installed: unchanged(subject.program, chosen), issues: [] };
}

/** By the interpreter that the file names; where it is not here, as it would be wrapped with one that is. */
function asNamed(subject: Subject, named: string): Loader {
  const loaded = loadedBy(subject, named, (interpreter) => unchanged(subject.program, interpreter));
  if (loaded.installed !== undefined || subject.leftAlone !== undefined) return loaded;
  return ifWrapped(subject) ?? loaded;
}

function loadedBy(
  { elf, path, leftAlone, linkerAt }: Subject,
  interpreterPath: string,
  install: (interpreter: Interpreter) => Installed,
): Loader {
  const linker = linkerAt(interpreterPath);
  if (linker.kind === "loaded" && fitsInterpreter(elf, linker.interpreter)) {
    return { installed: install(linker.interpreter), issues: [] };
  }
  const problem = linker.kind === "loaded" ? "other-machine" : linker.problem;
  const why = leftAlone === undefined ? {} : { leftAlone: leftAlone.reason };
  return { issues: [{ kind: "interpreter-gone", path, interpreter: interpreterPath, problem, ...why }] };
}

function ifWrapped({ elf, path, program, surroundings }: Subject): Loader | undefined {
  const interpreter = surroundings?.interpreters.choose(elf);
  if (surroundings === undefined || interpreter === undefined) return undefined;
  const resolution = resolve(elf, path, executableContext(elf, path, interpreter, surroundings));
  return {
    installed: installedByResolution(program, resolution, interpreter),
    issues: [...resolution.issues, ...resolution.plugInIssues],
    replacesLoadIssues: true,
  };
}

function withoutInterpreter({ elf, path, surroundings }: Subject): Loader {
  // One that was given and cannot be used is the reason, and has been reported.
  if ((surroundings?.interpreters.issues.length ?? 0) > 0) return { issues: [] };
  const { machine, elfClass } = elf.header;
  return { issues: [{ kind: "no-interpreter", path, named: elf.interpreter() ?? "", machine, elfClass }] };
}
