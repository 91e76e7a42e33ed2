// The first line of a script.

import { headOf } from "../base/file-head.ts";
import { textOfBytes } from "../base/text.ts";

/** Bytes of it that the kernel reads. Source: Linux include/uapi/linux/binfmts.h BINPRM_BUF_SIZE. */
const shebangLimit = 256;

export interface Shebang {
  /** As it stands there. */
  readonly interpreter: string;
  /** The rest of the line, one argument; undefined where there is none. */
  readonly argument: string | undefined;
  /** The program that `env` is asked for; undefined where the interpreter is no env. */
  readonly wanted: string | undefined;
}

/**
 * What the kernel would start for a file that begins with `head`; undefined where it is no script.
 * Source: Linux fs/binfmt_script.c load_script.
 */
export function parseShebang(head: string): Shebang | undefined {
  if (!head.startsWith("#!")) return undefined;
  const end = head.indexOf("\n");
  const line = head.slice(2, end === -1 ? shebangLimit : end).trim();
  const space = line.search(/[ \t]/);
  const interpreter = space === -1 ? line : line.slice(0, space);
  if (interpreter === "") return undefined;
  const argument = space === -1 ? undefined : line.slice(space).trim();
  return { interpreter, argument, wanted: /(?:^|\/)env$/.test(interpreter) ? wantedOf(argument ?? "") : undefined };
}

/** That of the file at `path`; undefined where it is no script, or cannot be read. */
export function shebangOf(path: string): Shebang | undefined {
  return parseShebang(textOfBytes(headOf(path, shebangLimit)));
}

/** After `-S`, settings of variables and other options of env the program's name comes. */
function wantedOf(argument: string): string | undefined {
  return argument.split(/[ \t]+/).find((word) => word !== "" && !word.startsWith("-") && !word.includes("="));
}
