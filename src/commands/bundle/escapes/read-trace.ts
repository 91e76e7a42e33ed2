// What strace has written down becomes what programs of a bundle opened and started outside of it.
//
//     1234  execve("/bundle/bin/git", ["git", "log"], 0x7ff…) = 0
//     1234  openat(AT_FDCWD</work>, "x", O_RDONLY) = 3</work/x>
//     1234  clone(child_stack=NULL, …) = 1235
//     1234  vfork( <unfinished ...>
//     1234  <... vfork resumed>) = 1236

import { isInside, joinPath } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { textOfBytes } from "../../../base/text.ts";
import { shebangOf } from "../../../planning/shebang.ts";
import { isOfMachine } from "./find-escapes.ts";

/** Something outside that a program of the bundle opened or started, other than what is the machine's. */
export interface OpenedOutside {
  /** The program of the bundle, below its directory. */
  readonly place: string;
  readonly opened: string;
  readonly does: "opens" | "starts";
}

/** A call: its name, its arguments, its result. Names in quotes and in <> may have every other sign in them. */
const whole = /^(\w+)\(((?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^"<])*?)\) += (.*)$/;

/**
 * Each thing once for each program, sorted. `log`: a character for each byte. What lies in the working directory is what the
 * command is about; in "/" lies everything, so that this counts for nothing.
 */
export function readTrace(log: string, directory: string, workingDirectory: string): readonly OpenedOutside[] {
  /** The program of the bundle that a process runs; absent for a process that runs something else. */
  const running = new Map<string, string>();
  const begun = new Map<string, string>();
  const found = new Map<string, OpenedOutside>();
  const add = (place: string, opened: string, does: OpenedOutside["does"]): void => {
    if (isInside(opened, directory) || isOfMachine(opened)) return;
    if (workingDirectory !== "/" && isInside(opened, workingDirectory)) return;
    if (opened.startsWith("/")) found.set(`${place}\0${opened}\0${does}`, { place, opened, does });
  };
  for (const line of log.split("\n")) {
    const [, process, text] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (process === undefined || text === undefined) continue;
    const call = wholeCall(process, text, begun);
    const [, name, rest, result] = whole.exec(call ?? "") ?? [];
    if (name === undefined || rest === undefined || result === undefined || result.startsWith("-")) continue;
    const program = running.get(process);
    if (name.startsWith("execve")) {
      const path = startedPath(rest, workingDirectory);
      const real = realPathOf(path) ?? path;
      if (isInside(real, directory)) {
        const place = real.slice(directory.length + 1);
        running.set(process, place);
        const interpreter = shebangOf(real)?.interpreter;
        if (interpreter !== undefined) add(place, interpreter, "starts");
        if (interpreter !== undefined && !isInside(interpreter, directory)) running.delete(process);
      } else {
        if (program !== undefined) add(program, real, "starts");
        running.delete(process);
      }
    } else if (name.startsWith("open")) {
      const opened = /^\d+<([^>]*)>/.exec(result)?.[1];
      if (program !== undefined && opened !== undefined) add(program, unquoted(opened), "opens");
    } else if (program !== undefined) {
      const child = /^(\d+)/.exec(result)?.[1];
      if (child !== undefined) running.set(child, program);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** A call that another process has interrupted stands in two lines. */
function wholeCall(process: string, text: string, begun: Map<string, string>): string | undefined {
  const unfinished = / ?<unfinished \.\.\.>$/.exec(text);
  if (unfinished !== null) {
    begun.set(process, text.slice(0, unfinished.index));
    return undefined;
  }
  const resumed = /^<\.\.\. \w+ resumed>/.exec(text);
  return resumed === null ? text : `${begun.get(process) ?? ""}${text.slice(resumed[0].length)}`;
}

/** What execve or execveat is given; the latter has a directory, or the file itself, before the path. */
function startedPath(rest: string, workingDirectory: string): string {
  const path = unquoted(/"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? "");
  const from = /^(?:AT_FDCWD|\d+)<([^>]*)>/.exec(rest)?.[1];
  const start = from === undefined ? workingDirectory : unquoted(from);
  if (path.startsWith("/")) return path;
  return path === "" ? start : joinPath(start, path);
}

const letters: { readonly [letter: string]: string } = { f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** strace writes what is not printable in octal, and what C has a letter for by that. Source: strace, src/util.c string_quote. */
function unquoted(text: string): string {
  const bytes = text.replace(/\\([0-7]{1,3}|.)/g, (_, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (letters[code] ?? code),
  );
  return textOfBytes(Buffer.from(bytes, "latin1"));
}
