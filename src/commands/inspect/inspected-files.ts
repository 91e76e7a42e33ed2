// Which files are inspected: what is named, if it is an ELF file, and of a directory its executables.

import { noElfReasons, type SkipReason } from "../../files/kind/skip-reason.ts";
import type { Examined } from "../../planning/examine.ts";
import { unread } from "../../planning/issues-of-skipped.ts";
import { type LeftAlone, warningsOf } from "../../planning/left-alone.ts";
import type { Surroundings } from "../../planning/surroundings.ts";
import { survey } from "../../planning/survey.ts";
import type { FileToInspect } from "../../planning/what-loads/file-to-inspect.ts";
import type { WrapRequest } from "../../planning/wrap-request.ts";
import type { Issue } from "../../report/issue.ts";

export interface FilesToInspect {
  readonly files: readonly FileToInspect[];
  /** About what is named and is no ELF file that can be read, and what cannot be read in a directory. */
  readonly issues: readonly Issue[];
  readonly surroundings: Surroundings;
}

/** Finds them. Reads the first bytes of every file, and what makes an executable one. */
export function filesToInspect(request: WrapRequest): FilesToInspect {
  const { found, examined, surroundings } = survey(request);
  const named = [
    ...examined.flatMap((file) =>
      file.kind === "left-alone" ? [file.file] : file.kind === "library" ? [file.leftAlone] : [],
    ),
    ...found.skipped,
  ];
  return {
    files: examined.flatMap(fileOf),
    issues: [...found.issues, ...surroundings.interpreters.issues, ...named.flatMap(issueOf)],
    surroundings,
  };
}

/** In a directory these are no executables that start by way of a dynamic linker. */
const shownUnnamed: ReadonlySet<SkipReason> = new Set(["already-nix", "dynamic-without-interpreter"]);

/** What cannot be read, or was not meant. */
const notShown: ReadonlySet<SkipReason> = new Set([...noElfReasons, "damaged", "unreadable", "excluded"]);

function fileOf(file: Examined): readonly FileToInspect[] {
  switch (file.kind) {
    case "eligible":
      return [{ path: file.candidate.path, leftAlone: undefined }];
    case "broken":
      return [{ path: file.path, leftAlone: undefined }];
    case "library":
    case "left-alone": {
      const { path, isNamed, reason, detail } = file.kind === "library" ? file.leftAlone : file.file;
      if (isNamed ? notShown.has(reason) : !shownUnnamed.has(reason)) return [];
      return [{ path, leftAlone: { reason, ...(detail === undefined ? {} : { detail }) } }];
    }
    default:
      return file satisfies never;
  }
}

function issueOf(file: LeftAlone): readonly Issue[] {
  const { path, isNamed, defect } = file;
  if (!isNamed) return warningsOf(file);
  if (defect !== undefined) return [{ kind: "damaged-elf", severity: "error", path, defect }];
  return unread(file);
}
