// Programs that are scripts: who starts them, and whether that is in the bundle.

import { headOf } from "../../../base/file-head.ts";
import { baseName } from "../../../base/path.ts";
import { textOfBytes } from "../../../base/text.ts";
import { shebangOf } from "../../../planning/shebang.ts";
import type { BundleIssue } from "../bundle-issue.ts";
import { type GivenProgram, storePathsIn } from "./given-programs.ts";
import type { Layout } from "./layout.ts";

/** Bytes of a script that are looked at: a wrapper is much smaller. */
const largestScript = 1 << 16;

/** How a script is started. */
export interface BundledScript {
  /** Of before, as the script names it, or the program of that name that `env` would find. */
  readonly interpreter: string;
  /** The same without symlinks. */
  readonly realInterpreter: string;
  /** Arguments in front of the script's path. */
  readonly interpreterArguments: readonly string[];
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
    const { wanted, argument } = shebang;
    const named = programs.find(({ name, realPath }) => name === wanted && realPath !== program.realPath)?.path;
    const interpreter = wanted === undefined ? shebang.interpreter : named;
    const realInterpreter = interpreter?.startsWith("/") ? layout.takeFile(interpreter) : undefined;
    // One that is a script itself would be started by its own first line.
    const nested = realInterpreter === undefined ? undefined : shebangOf(realInterpreter)?.interpreter;
    if (interpreter === undefined || realInterpreter === undefined || nested !== undefined) {
      const missing = nested ?? (wanted === undefined ? shebang.interpreter : baseName(wanted));
      issues.push({ kind: "interpreter-elsewhere", path: program.path, interpreter: missing });
      return;
    }
    const own = wanted === undefined ? (argument === undefined ? [] : [argument]) : afterWanted(argument ?? "", wanted);
    bundled.set(program.realPath, { interpreter, realInterpreter, interpreterArguments: own });
  };
  for (const program of programs) add(program);
  return { bundled, paths, issues, add };
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
