// Dynamic string tokens: `$ORIGIN`, `$LIB`, `$PLATFORM`, with or without braces, in run paths and needed entries.
// Source: System V gABI ch. 5 "Substitution Sequences"; ld.so(8); glibc elf/dl-load.c (is_dst, _dl_dst_substitute).

/** What the tokens stand for while one object is loaded. */
export interface TokenValues {
  /** Directory of the object, as it was opened; of the executable, with symbolic links resolved. */
  readonly origin: string;
  /** A fact of the interpreter's build: "lib", "lib64", "lib/x86_64-linux-gnu". */
  readonly lib: string;
  /** AT_PLATFORM; undefined where the kernel gives none, and a string that uses it is then not usable. */
  readonly platform: string | undefined;
}

/** A longer name that merely starts like a token (`$ORIGINAL`) is none; glibc does not look at what follows a brace. */
const TOKEN = /\$(?:\{(ORIGIN|PLATFORM|LIB)\}|(ORIGIN|PLATFORM|LIB)(?![A-Za-z0-9_]))/g;

/** Whether glibc would replace something in `text`. */
export function hasTokens(text: string): boolean {
  TOKEN.lastIndex = 0;
  return TOKEN.test(text);
}

/** `text` with its tokens replaced, once; undefined when a token has no value, as glibc drops such a string. */
export function expandTokens(text: string, values: TokenValues): string | undefined {
  let isUsable = true;
  const expanded = text.replace(TOKEN, (_, braced: string | undefined, bare: string | undefined) => {
    const value = tokenValue(braced ?? bare, values);
    isUsable &&= value !== undefined;
    return value ?? "";
  });
  return isUsable ? expanded : undefined;
}

function tokenValue(token: string | undefined, values: TokenValues): string | undefined {
  switch (token) {
    case "ORIGIN":
      return values.origin;
    case "LIB":
      return values.lib;
    default:
      return values.platform;
  }
}

/** Whether every `$` in `text` begins `$ORIGIN` or `${ORIGIN}`: musl ignores a whole run path otherwise. */
export function hasOnlyOriginTokens(text: string): boolean {
  return !/\$(?!ORIGIN|\{ORIGIN\})/.test(text);
}

/**
 * `text` with `$ORIGIN` and `${ORIGIN}` replaced as musl does it: whatever follows. Source: musl ldso/dynlink.c,
 * fixup_rpath.
 */
export function expandOrigin(text: string, origin: string): string {
  return text.replace(/\$(?:ORIGIN|\{ORIGIN\})/g, () => origin);
}

/**
 * Whether `directory` can stand in a run path and mean itself: there is no way to quote a colon, or a part of the
 * name that reads like a token.
 */
export function isExpressible(directory: string): boolean {
  return !directory.includes(":") && !hasTokens(directory);
}
