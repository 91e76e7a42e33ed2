import { expect, test } from "vitest";
import { describeProgress, progressLine } from "../../../../src/cli/output/progress-line.ts";

/** A line on a terminal, a clock that is set, and all that was written. */
function terminal(
  changes: { readonly columns?: number; readonly errorIsTerminal?: boolean; readonly TERM?: string } = {},
) {
  const written: string[] = [];
  const clock = { time: 0 };
  const { columns = 80, errorIsTerminal = true, TERM = "xterm" } = changes;
  const io = { writeError: (text: string) => written.push(text), errorIsTerminal, columns, variables: { TERM } };
  return { written, clock, line: progressLine(io, false, () => clock.time) };
}

test("nothing is said in the first second, and at most ten times in each after it", () => {
  const { written, clock, line } = terminal();
  for (clock.time = 0; clock.time < 2000; clock.time += 10) line.onProgress?.("look", 1_000_000, 700);
  expect(written.length).toBe(10);
  expect(written[0]).toBe("\rlooking at 101 of 700 files, 101 MB, 101 MB/s\u001b[K");
  line.clear();
  expect(written.at(-1)).toBe("\r\u001b[K");
});

test("a run that is over before that writes nothing at all", () => {
  const { written, line } = terminal();
  line.onProgress?.("find", 0, undefined);
  line.clear();
  expect(written).toEqual([]);
});

test("a line is one column shorter than the terminal", () => {
  const { written, clock, line } = terminal({ columns: 20 });
  clock.time = 1500;
  line.onProgress?.("look", 5, 1000);
  expect(written).toEqual(["\rlooking at 1 of 1000\u001b[K".replace("1000", "100")]);
});

test.each([{ errorIsTerminal: false }, { TERM: "dumb" }])("there is none with %o", (changes) => {
  expect(terminal(changes).line.onProgress).toBeUndefined();
});

test("every phase counts from its own beginning", () => {
  const { written, clock, line } = terminal();
  for (let count = 0; count < 100; count++) line.onProgress?.("find", 0, undefined);
  clock.time = 4000;
  line.onProgress?.("plan", 2_000, 3);
  clock.time = 6000;
  line.onProgress?.("plan", 4_000, 3);
  expect(written.at(-1)).toBe("\rplanning 2 of 3 files, 6.0 kB, 3.0 kB/s\u001b[K");
});

test.each([
  ["find", 12_345, 0, "finding files: 12345 files, 6173 files/s"],
  ["look", 312, 1_234_567_890, "looking at 312 of 700 files, 1.2 GB, 617 MB/s"],
  ["look", 1, 999, "looking at 1 of 700 files, 999 B, 500 B/s"],
] as const)("what is said while a run has to %s", (phase, files, bytes, line) => {
  expect(describeProgress(phase, { files, bytes, of: phase === "find" ? undefined : 700, milliseconds: 2000 })).toBe(
    line,
  );
});
