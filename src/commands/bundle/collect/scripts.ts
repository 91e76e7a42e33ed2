// Programs that are scripts: who starts them, and whether that is in the bundle.

import { headOf } from "../../../base/file-head.ts";
import { baseName } from "../../../base/path.ts";
import { textOfBytes } from "../../../base/text.ts";
import { type Shebang, shebangOf } from "../../../planning/shebang.ts";
import type { BundleIssue } from "../bundle-issue.ts";
import { type GivenProgram, storePathsIn } from "./given-programs.ts";
import type { Layout } from "./layout.ts";

/** A script and its interpreters that are scripts. Source: Linux fs/exec.c exec_binprm. */
const mostScripts = 5;

/** Bytes of a script that are looked at: a wrapper is much smaller. */
const largestScript = 1 << 16;

/**
 * How a script is started. An interpreter may be a script itself: then this is the one that starts that, and so on.
 *
 *     #!/bin/outer -x  in SCRIPT, #!/bin/sh -e  in /bin/outer:   /bin/sh -e /bin/outer -x SCRIPT ARGUMENTS…
 */
export interface BundledScript {
  /** No script. Of before, as it is named, or the program of that name that `env` would find. */
  readonly interpreter: string;
  /** The same without symlinks. */
  readonly realInterpreter: string;
  /** In front of the script's path: texts as they are, and paths of before. */
  readonly interpreterArguments: readonly (string | { readonly path: string })[];
}

export interface Scripts {
  /** Those whose interpreter is in the bundle, by the script's path without symlinks. */
  readonly bundled: ReadonlyMap<string, BundledScript>;
  /** All of them. */
  readonly paths: ReadonlySet<string>;
  readonly issues: readonly BundleIssue[];
}

/** Looks at further files too. */
export interface ScriptCollector extends Scripts {
  readonly add: (program: Pick<GivenProgram, "path" | "realPath">) => void;
}

/**
 * Looks at every program. The interpreter that a script names by its path is taken into the bundle, if it is there; one
 * that it asks `env` for only if it is among the programs.
 */
export function collectScripts(
  programs: readonly GivenProgram[],
  layout: Layout,
  storeDirectory: string,
): ScriptCollector {
  const bundled = new Map<string, BundledScript>();
  const paths = new Set<string>();
  const issues: BundleIssue[] = [];
  const add = (program: Pick<GivenProgram, "path" | "realPath">): void => {
    const shebang = paths.has(program.realPath) ? undefined : shebangOf(program.realPath);
    if (shebang === undefined) return;
    paths.add(program.realPath);
    const target = startedInStore(program.realPath, storeDirectory);
    if (target !== undefined) issues.push({ kind: "wrapper-names-store", path: program.path, target });
    const started = startedBy(program, shebang, programs, layout);
    if ("kind" in started) issues.push(started);
    else bundled.set(program.realPath, started);
  };
  for (const program of programs) add(program);
  return { bundled, paths, issues, add };
}

/** Takes what starts a script, one interpreter after the other, as the kernel goes through them. */
function startedBy(
  { path, realPath }: Pick<GivenProgram, "path" | "realPath">,
  shebang: Shebang,
  programs: readonly GivenProgram[],
  layout: Layout,
): BundledScript | BundleIssue {
  let before: BundledScript["interpreterArguments"] = [];
  let [script, line] = [realPath, shebang];
  // The kernel counts from the start for what env starts.
  for (let scripts = 1; scripts <= mostScripts; ) {
    const { wanted, argument } = line;
    const named = programs.find(({ name, realPath: real }) => name === wanted && real !== script)?.path;
    const interpreter = wanted === undefined ? line.interpreter : named;
    const realInterpreter = interpreter?.startsWith("/") ? layout.takeFile(interpreter) : undefined;
    if (interpreter === undefined || realInterpreter === undefined) {
      const missing = wanted === undefined ? line.interpreter : baseName(wanted);
      return { kind: "interpreter-elsewhere", path, interpreter: missing };
    }
    const own = wanted === undefined ? (argument === undefined ? [] : [argument]) : afterWanted(argument ?? "", wanted);
    before = [...own, ...before];
    const next = shebangOf(realInterpreter);
    if (next === undefined) return { interpreter, realInterpreter, interpreterArguments: before };
    before = [{ path: interpreter }, ...before];
    [script, line] = [realInterpreter, next];
    scripts = wanted === undefined ? scripts + 1 : 1;
  }
  return { kind: "too-many-interpreters", path, most: mostScripts };
}

/** `env -S NAME -x` gives NAME the words after it. */
function afterWanted(argument: string, wanted: string): readonly string[] {
  const words = argument.split(/[ \t]+/);
  return words.slice(words.indexOf(wanted) + 1);
}

/** What a script of makeWrapper starts: its last line is an exec with the path, which may be quoted. */
function startedInStore(path: string, storeDirectory: string): string | undefined {
  const [last = ""] = textOfBytes(headOf(path, largestScript)).trimEnd().split("\n").slice(-1);
  return last.startsWith("exec ") ? storePathsIn(last, storeDirectory)[0] : undefined;
}
