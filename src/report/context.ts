// Where a report is read, and how paths are written in it.

/**
 * Who reads the messages: the user of the command line, or the author of a Nix package (the setup hook). "bundle": the
 * user of a command without --exclude.
 */
export type Surface = "cli" | "bundle" | "hook";

/** A directory that the reader knows by a shorter name: the working directory as ".", an output as "out". */
export interface ShownRoot {
  /** Absolute, no trailing slash. */
  readonly directory: string;
  readonly shownAs: string;
}

/** What wording depends on, beside the thing that is worded. */
export interface ReportContext {
  readonly surface: Surface;
  /** The first root that holds a path names it. */
  readonly shownRoots: readonly ShownRoot[];
  /** Whether every item of a long list is named, and not only the first. */
  readonly namesAll?: boolean;
}

// C0 and C1 controls, the Unicode line separators and bytes that are not UTF-8 (src/base/text.ts): a file name must not be
// able to forge a line of the report.
// biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/gu;

/** `text` with everything that is not a character to show as an escape: it stays on one line and changes no terminal. */
export function escapeControls(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.charCodeAt(0);
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}

/** A path as the reader knows it, always on one line. */
export function showPath(path: string, context: ReportContext): string {
  for (const { directory, shownAs } of context.shownRoots) {
    if (path === directory) return escapeControls(shownAs);
    if (directory !== "/" && path.startsWith(`${directory}/`)) {
      return escapeControls(`${shownAs}${path.slice(directory.length)}`);
    }
  }
  return escapeControls(path);
}
