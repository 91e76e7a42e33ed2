// Which dynamic linker a file gets: one of those given, else one of the defaults, else the one that it names.

import type { ElfFile } from "../elf/elf-file.ts";
import type { RequestIssue } from "../files/request-issue.ts";
import type { Interpreter } from "../linker/interpreter/interpreter.ts";
import { chooseInterpreter, type LoadedInterpreter, loadInterpreter } from "../linker/interpreter/load-interpreter.ts";
import { canBeMapped } from "../patch/mappable.ts";
import type { InterpreterOrigin } from "./interpreter-origin.ts";
import type { WrapRequest } from "./wrap-request.ts";

/** The dynamic linkers of a run. */
export interface Interpreters {
  /** The one for a file, undefined when there is none that fits. */
  readonly choose: (elf: ElfFile) => Interpreter | undefined;
  /** Why the one at that path was chosen. */
  readonly originOf: (path: string) => InterpreterOrigin;
  /** True when the request came with none that can be used, so that every file depends on the one it names. */
  readonly isEmpty: boolean;
  /** Given ones, and ones that are built in, that cannot be used. */
  readonly issues: readonly RequestIssue[];
}

type InterpreterRequest = Pick<
  WrapRequest,
  | "interpreters"
  | "fallbackInterpreters"
  | "builtInInterpreters"
  | "interpreterOrigins"
  | "allowOwnInterpreter"
  | "storeDirectory"
>;

/** Loads what the request gives; a default that is not there is none, unless it was built in. A file's own is loaded when it is asked for. */
export function loadInterpreters(request: InterpreterRequest): Interpreters {
  const given: Interpreter[] = [];
  const issues: RequestIssue[] = [];
  for (const path of request.interpreters) {
    const loaded = loadUsable(path, request);
    if (loaded.kind === "loaded") given.push(loaded.interpreter);
    else issues.push(loaded);
  }
  const fallback = request.fallbackInterpreters.flatMap((path) => {
    const loaded = loadUsable(path, request);
    if (loaded.kind === "loaded") return [loaded.interpreter];
    if (request.builtInInterpreters.includes(path)) issues.push(loaded);
    return [];
  });
  const all = [...given, ...fallback];
  const own = new Map<string, readonly Interpreter[]>();

  function ownInterpreters(elf: ElfFile): readonly Interpreter[] {
    const named = request.allowOwnInterpreter ? elf.interpreter() : undefined;
    if (named === undefined || !named.startsWith("/")) return [];
    const known = own.get(named) ?? load(named, request);
    own.set(named, known);
    return known;
  }

  return {
    choose: (elf) => chooseInterpreter(elf, all) ?? chooseInterpreter(elf, ownInterpreters(elf)),
    originOf: (path) =>
      request.interpreters.includes(path) ? "given" : (request.interpreterOrigins.get(path) ?? "own"),
    isEmpty: all.length === 0,
    issues,
  };
}

function load(path: string, request: InterpreterRequest): readonly Interpreter[] {
  const loaded = loadUsable(path, request);
  return loaded.kind === "loaded" ? [loaded.interpreter] : [];
}

function loadUsable(path: string, { storeDirectory }: InterpreterRequest): LoadedInterpreter {
  const loaded = loadInterpreter(path, storeDirectory);
  if (loaded.kind !== "loaded" || canBeMapped(loaded.interpreter.elf)) return loaded;
  return { kind: "bad-interpreter", path, problem: "unusual-layout" };
}
