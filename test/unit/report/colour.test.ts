import { expect, test } from "vitest";
import { colourPaint, paintFor, plainPaint } from "../../../src/report/colour.ts";

test("a terminal gets colour", () => {
  expect(paintFor({ isTerminal: true, noColour: false, forced: undefined, terminal: "xterm" })).toBe(colourPaint);
});

test.each([
  ["a pipe", { isTerminal: false, noColour: false, forced: undefined, terminal: "xterm" }],
  ["NO_COLOR", { isTerminal: true, noColour: true, forced: undefined, terminal: "xterm" }],
  ["FORCE_COLOR=0", { isTerminal: true, noColour: false, forced: false, terminal: "xterm" }],
  ["a dumb terminal", { isTerminal: true, noColour: false, forced: undefined, terminal: "dumb" }],
])("%s gets no colour", (_, conditions) => {
  expect(paintFor(conditions)).toBe(plainPaint);
});

test("FORCE_COLOR gets colour wherever the text goes, and counts more than NO_COLOR", () => {
  expect(paintFor({ isTerminal: false, noColour: true, forced: true, terminal: "dumb" })).toBe(colourPaint);
});

test("a text is coloured whatever standard output is", () => {
  expect([colourPaint.help("x"), colourPaint.error("x")]).toEqual(["\u001b[36mx\u001b[0m", "\u001b[1;31mx\u001b[0m"]);
});
