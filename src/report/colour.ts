// Colour on a terminal, and nothing at all elsewhere.
//
// Not by util.styleText: since Node 20.18 it asks standard output whether to colour, also for text that goes to standard
// error.

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

/** Select Graphic Rendition, and back to normal after the text. Source: ECMA-48, 8.3.117. */
const rendition =
  (...codes: readonly number[]) =>
  (text: string): string =>
    `\u001b[${codes.join(";")}m${text}\u001b[0m`;

const [bold, dim, red, yellow, cyan] = [1, 2, 31, 33, 36] as const;

/** ANSI colours. */
export const colourPaint: Paint = {
  error: rendition(bold, red),
  warning: rendition(bold, yellow),
  note: rendition(bold),
  help: rendition(cyan),
  strong: rendition(bold),
  faint: rendition(dim),
};

/** What decides whether a stream gets colour. */
export interface ColourConditions {
  readonly isTerminal: boolean;
  /** $NO_COLOR is set and not empty. Source: no-color.org. */
  readonly noColour: boolean;
  /**
   * $FORCE_COLOR: true where it asks for colour, whatever the stream and $NO_COLOR; false where it is "0" or "false".
   * Undefined without it. Source: force-color.org; Node.js, tty, writeStream.getColorDepth.
   */
  readonly forced: boolean | undefined;
  /** $TERM */
  readonly terminal: string | undefined;
}

/** What a value of $FORCE_COLOR asks for. */
export function forcedColour(value: string | undefined): boolean | undefined {
  return (value ?? "") === "" ? undefined : value !== "0" && value !== "false";
}

/** Colours for a stream. */
export function paintFor(conditions: ColourConditions): Paint {
  const { isTerminal, noColour, forced, terminal } = conditions;
  const wanted = forced ?? (isTerminal && !noColour && terminal !== "dumb");
  return wanted ? colourPaint : plainPaint;
}
