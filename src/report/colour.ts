// Colour on a terminal, and nothing at all elsewhere.

import { styleText } from "node:util";

/** Functions that colour a text, or leave it as it is. */
export interface Paint {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly note: (text: string) => string;
  readonly help: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

const asItIs = (text: string): string => text;

/** No colour. */
export const plainPaint: Paint = {
  error: asItIs,
  warning: asItIs,
  note: asItIs,
  help: asItIs,
  strong: asItIs,
  faint: asItIs,
};

/** ANSI colours. */
export const colourPaint: Paint = {
  error: (text) => styleText(["bold", "red"], text),
  warning: (text) => styleText(["bold", "yellow"], text),
  note: (text) => styleText("bold", text),
  help: (text) => styleText("cyan", text),
  strong: (text) => styleText("bold", text),
  faint: (text) => styleText("dim", text),
};

/** What decides whether a stream gets colour. */
export interface ColourConditions {
  readonly isTerminal: boolean;
  /** $NO_COLOR is set and not empty. Source: no-color.org. */
  readonly noColour: boolean;
  /** $TERM */
  readonly terminal: string | undefined;
}

/** Colours for a stream. */
export function paintFor(conditions: ColourConditions): Paint {
  const wanted = conditions.isTerminal && !conditions.noColour && conditions.terminal !== "dumb";
  return wanted ? colourPaint : plainPaint;
}
