// The first line of a script.

import { Buffer } from "node:buffer";
import { headOf } from "../base/file-head.ts";
import { textOfBytes } from "../base/text.ts";

/** Bytes of a file that the kernel looks at. Source: Linux include/uapi/linux/binfmts.h BINPRM_BUF_SIZE. */
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
 * What the kernel would start for a file that begins with `head`, its first `shebangLimit` bytes or all of a shorter one;
 * undefined where it is no script. An interpreter that is cut off there is none, an argument is what is left of it.
 *
 *     #! INTERPRETER ARGUMENT WITH SPACES      spaces and tabs only: the \r of a DOS line is a part of the name
 *
 * Source: Linux fs/binfmt_script.c load_script.
 */
export function parseShebang(head: Uint8Array): Shebang | undefined {
  const bytes = Buffer.from(head).toString("latin1", 0, shebangLimit);
  if (!bytes.startsWith("#!")) return undefined;
  const [line = ""] = bytes.slice(2).split("\n");
  const isCut = bytes.length === shebangLimit && !bytes.includes("\n");
  const [, name, rest] = /^[ \t]*([^ \t\0]+)(.*)/s.exec(isCut ? line.slice(0, -1) : line) ?? [];
  if (name === undefined || rest === undefined || (isCut && !/[ \t\0]/.test(rest + bytes.slice(-1)))) return undefined;
  const [text = ""] = rest.split("\0");
  const argument = textOf(text.replace(/^[ \t]+|[ \t]+$/g, ""));
  const interpreter = textOf(name);
  return {
    interpreter,
    argument: argument === "" ? undefined : argument,
    wanted: /(?:^|\/)env$/.test(interpreter) ? wantedOf(argument) : undefined,
  };
}

function textOf(latin1: string): string {
  return textOfBytes(Buffer.from(latin1, "latin1"));
}

/** That of the file at `path`; undefined where it is no script, or cannot be read. */
export function shebangOf(path: string): Shebang | undefined {
  return parseShebang(headOf(path, shebangLimit));
}

/** After `-S`, settings of variables and other options of env the program's name comes. */
function wantedOf(argument: string): string | undefined {
  return argument.split(/[ \t]+/).find((word) => word !== "" && !word.startsWith("-") && !word.includes("="));
}
