// An executable with what wrapping puts into its dynamic array, ready to be loaded on paper.

import { textOfBytes } from "../../base/text.ts";
import { DT_RPATH } from "../../elf/constants.ts";
import type { Interpreter } from "../../linker/interpreter/interpreter.ts";
import type { Program } from "../../linker/load/load-order.ts";
import type { Resolution } from "../../linker/solve/resolution.ts";
import type { Sidecar } from "../../patch/sidecar/sidecar-codec.ts";
import type { AddedNames } from "./load-tree.ts";

/** What is loaded, and by what. */
export interface Installed {
  readonly view: "as-it-is" | "if-wrapped";
  readonly program: Program;
  readonly interpreter: Interpreter;
  readonly added: AddedNames;
}

interface Additions extends AddedNames {
  readonly runPath: string;
  readonly tag: "runpath" | "rpath" | undefined;
}

/** The executable as its file has it. */
export function unchanged(program: Program, interpreter: Interpreter): Installed {
  return { view: "as-it-is", program, interpreter, added: { first: [], last: [] } };
}

/** The executable as the loader will hand it over. */
export function installedBySidecar(program: Program, sidecar: Sidecar, interpreter: Interpreter): Installed {
  const added = {
    first: sidecar.firstNeeded.map(textOfBytes),
    last: sidecar.needed.map(textOfBytes),
    runPath: textOfBytes(sidecar.runPath),
    tag: runPathTagOf(sidecar.runPathTag),
  };
  return { view: "as-it-is", program: withAdditions(program, added), interpreter, added };
}

/** The executable as it would be handed over if it was wrapped by this resolution. */
export function installedByResolution(program: Program, resolution: Resolution, interpreter: Interpreter): Installed {
  const added = {
    first: resolution.neededFirst,
    last: resolution.neededLast,
    runPath: resolution.runPath.join(":"),
    tag: resolution.runPath.length === 0 ? undefined : resolution.runPathTag,
  };
  return { view: "if-wrapped", program: withAdditions(program, added), interpreter, added };
}

/** Source: native/loader/dynamic.c: without a run path of the sidecar's the executable keeps its own. */
function withAdditions(program: Program, { first, last, runPath, tag }: Additions): Program {
  const { facts } = program;
  const paths =
    runPath === ""
      ? {}
      : { rpath: tag === "rpath" ? runPath : undefined, runpath: tag === "runpath" ? runPath : undefined };
  return { ...program, facts: { ...facts, ...paths, needed: [...first, ...facts.needed, ...last] } };
}

/** The name of a DT_ constant that holds a run path; undefined for 0. */
export function runPathTagOf(tag: number): "runpath" | "rpath" | undefined {
  if (tag === 0) return undefined;
  return BigInt(tag) === DT_RPATH ? "rpath" : "runpath";
}
