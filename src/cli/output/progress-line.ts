// The line that says how far a run is, on a terminal that somebody waits at. In a pipe there is none.

import type { OnProgress, ProgressPhase } from "../../files/progress.ts";
import { countOf } from "../../report/words.ts";
import type { CommandIo } from "./io.ts";

/** A run that takes less than this has no line: milliseconds. */
const patience = 1000;
/** Milliseconds between two lines. */
const interval = 100;

export interface ProgressLine {
  /** Undefined where nobody would see it. */
  readonly onProgress: OnProgress | undefined;
  /** Takes the line away; what is written next stands in its place. */
  readonly clear: () => void;
}

const verbs = {
  find: "finding files:",
  look: "looking at",
  plan: "planning",
  write: "writing",
} as const satisfies Record<ProgressPhase, string>;

/** A line for standard error. `now` tells milliseconds. */
export function progressLine(
  io: Pick<CommandIo, "writeError" | "errorIsTerminal" | "columns" | "variables">,
  isQuiet: boolean,
  now: () => number = () => performance.now(),
): ProgressLine {
  if (!io.errorIsTerminal || isQuiet || io.variables["TERM"] === "dumb") {
    return { onProgress: undefined, clear: () => undefined };
  }
  const start = now();
  let shownAt = start + patience - interval;
  let isShown = false;
  let phase: ProgressPhase = "find";
  let [files, bytes, since] = [0, 0, start];
  return {
    onProgress: (current, size, of) => {
      const time = now();
      if (current !== phase) {
        phase = current;
        [files, bytes, since] = [0, 0, time];
      }
      files += 1;
      bytes += size;
      if (time - shownAt < interval) return;
      shownAt = time;
      isShown = true;
      const text = describeProgress(phase, { files, bytes, of, milliseconds: time - since });
      // One column short: a terminal would go on to the next line.
      io.writeError(`\r${text.slice(0, Math.max(io.columns - 1, 0))}\u001b[K`);
    },
    clear: () => {
      if (isShown) io.writeError("\r\u001b[K");
      isShown = false;
    },
  };
}

/** How far a phase is. */
export interface PhaseProgress {
  readonly files: number;
  readonly bytes: number;
  /** How many files there are; undefined while that is not known. */
  readonly of: number | undefined;
  /** Since the phase began. */
  readonly milliseconds: number;
}

/** "looking at 312 of 700 files, 1.2 GB, 340 MB/s". */
export function describeProgress(phase: ProgressPhase, progress: PhaseProgress): string {
  const { files, bytes, of, milliseconds } = progress;
  const count = of === undefined ? countOf(files, "file") : `${files} of ${countOf(of, "file")}`;
  const seconds = Math.max(milliseconds / 1000, 0.001);
  const rate = bytes === 0 ? `${Math.round(files / seconds)} files/s` : `${showBytes(bytes / seconds)}/s`;
  return [`${verbs[phase]} ${count}`, ...(bytes === 0 ? [] : [showBytes(bytes)]), rate].join(", ");
}

const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes in powers of 1000, with two digits at least: "1.2 GB", "340 MB". */
function showBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
