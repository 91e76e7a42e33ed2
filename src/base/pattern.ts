// Glob patterns, as users of shells know them: for files to leave alone and for libraries that may be missing.

type Token =
  | { readonly kind: "character"; readonly character: string }
  | { readonly kind: "any" }
  | {
      readonly kind: "set";
      readonly isNegated: boolean;
      readonly ranges: readonly (readonly [from: string, to: string])[];
    }
  /** Any number of characters. */
  | { readonly kind: "star" }
  /** Nothing, or any number of characters of which the last is a slash. */
  | { readonly kind: "directories" };

/**
 * Tells whether the pattern fits the whole of a text.
 *
 *   *         any characters, slashes too (as fnmatch(3) without FNM_PATHNAME, which autoPatchelfHook uses)
 *   ** /      (without the space) no or any number of directories; a `**` elsewhere is a `*`
 *   ?         one character
 *   [a-z_]    one character of the set; [!a-z] or [^a-z] one that is not in it; a "]" that comes first is in the set
 *   \x        x itself
 *
 * A "[" that is never closed stands for itself.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const tokens = parsePattern(pattern);
  return (text) => run(tokens, Array.from(text));
}

function parsePattern(pattern: string): readonly Token[] {
  const characters = Array.from(pattern);
  const tokens: Token[] = [];
  let at = 0;
  while (at < characters.length) {
    const character = characters[at] ?? "";
    const isSegmentStart = at === 0 || characters[at - 1] === "/";
    const set = character === "[" ? parseSet(characters, at + 1) : undefined;
    if (set !== undefined) {
      tokens.push(set.token);
      at = set.end;
    } else if (isSegmentStart && characters.slice(at, at + 3).join("") === "**/") {
      tokens.push({ kind: "directories" });
      at += 3;
    } else if (character === "*") {
      tokens.push({ kind: "star" });
      at += 1;
    } else if (character === "?") {
      tokens.push({ kind: "any" });
      at += 1;
    } else if (character === "\\" && at + 1 < characters.length) {
      tokens.push({ kind: "character", character: characters[at + 1] ?? "" });
      at += 2;
    } else {
      tokens.push({ kind: "character", character });
      at += 1;
    }
  }
  return tokens;
}

/** The set that begins after a "["; `end` is the position after its "]". Undefined when it is not closed. */
function parseSet(
  characters: readonly string[],
  start: number,
): { readonly token: Token; readonly end: number } | undefined {
  const isNegated = characters[start] === "!" || characters[start] === "^";
  const first = isNegated ? start + 1 : start;
  const ranges: (readonly [string, string])[] = [];
  let at = first;
  while (at < characters.length) {
    const from = characters[at] ?? "";
    if (from === "]" && at > first) return { token: { kind: "set", isNegated, ranges }, end: at + 1 };
    const to = characters[at + 2];
    if (characters[at + 1] === "-" && to !== undefined && to !== "]") {
      ranges.push([from, to]);
      at += 3;
    } else {
      ranges.push([from, from]);
      at += 1;
    }
  }
  return undefined;
}

/**
 * Follows all ways through the pattern at once, so that the time is pattern × text whatever the pattern: a regular
 * expression of many stars takes the text's length to the power of their number.
 */
function run(tokens: readonly Token[], text: readonly string[]): boolean {
  let states = closure(tokens, new Set([0]), true);
  for (const character of text) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token === undefined) continue;
      if (accepts(token, character)) next.add(repeats(token) ? state : state + 1);
    }
    if (next.size === 0) return false;
    states = closure(tokens, next, character === "/");
  }
  return states.has(tokens.length);
}

/** Adds the states that are reached without a character. Directories end only at the start or after a slash. */
function closure(tokens: readonly Token[], states: Set<number>, isBehindSlash: boolean): Set<number> {
  for (const state of states) {
    const kind = tokens[state]?.kind;
    // A set visits what is added while it is walked.
    if (kind === "star" || (kind === "directories" && isBehindSlash)) states.add(state + 1);
  }
  return states;
}

function repeats(token: Token): boolean {
  return token.kind === "star" || token.kind === "directories";
}

function accepts(token: Token, character: string): boolean {
  switch (token.kind) {
    case "character":
      return token.character === character;
    case "any":
    case "star":
    case "directories":
      return true;
    case "set":
      return token.ranges.some(([from, to]) => character >= from && character <= to) !== token.isNegated;
    default:
      return token satisfies never;
  }
}
