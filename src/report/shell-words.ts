// Words as a shell reads them.

/** `text` as one word of a POSIX-like shell, in quotation marks. */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command line to paste: only words that a shell would change are quoted. */
export function shellLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoteForShell(word))).join(" ");
}
