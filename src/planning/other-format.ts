// What a file is that is no ELF file, by its first bytes: who named it has mostly meant what is inside, or starts from it.

import { type Stats, statSync } from "node:fs";
import { headOf } from "../base/file-head.ts";
import { baseName, systemPath } from "../base/path.ts";
import { unlessRefused } from "../base/system-error.ts";
import { executableOf, isSidecarName } from "../patch/sidecar/file-names.ts";
import { parseShebang } from "./shebang.ts";

/** Where a tar archive names its format, and its end: bytes. Source: POSIX pax, "ustar Interchange Format", magic. */
const [tarMagicAt, headSize] = [257, 512];

/**
 * The first bytes in hexadecimal, and what the file is. Source: Microsoft's PE Format, "MS-DOS Stub"; mach-o/loader.h and
 * mach-o/fat.h; deb(5); ar(5); APPNOTE.TXT of ZIP, 4.3.7; RFC 1952; bzip2's and xz's file formats; RFC 8878; WebAssembly
 * core specification, 5.5.16; rpm's file format, "Lead".
 */
const formats: readonly (readonly [string, string])[] = [
  ["4d5a", "a program for Windows"],
  ...["feedface", "feedfacf", "cefaedfe", "cffaedfe"].map((magic) => [magic, "a program for macOS"] as const),
  ["213c617263683e0a64656269616e2d62696e617279", "a Debian package"],
  ["213c617263683e0a", "a static library"],
  ["504b0304", "a zip archive"],
  ["1f8b", "compressed with gzip"],
  ["425a68", "compressed with bzip2"],
  ["fd377a585a00", "compressed with xz"],
  ["28b52ffd", "compressed with zstd"],
  ["edabeedb", "an rpm package"],
  ["0061736d", "a WebAssembly module"],
];

/** "a script for /bin/sh", "a program for Windows"; undefined where it cannot be said, or the file cannot be read. */
export function nameOtherFormat(path: string): string | undefined {
  if (isSidecarName(baseName(path))) return `the sidecar of ${baseName(executableOf(path))}`;
  const head = headOf(path, headSize);
  const script = parseShebang(head);
  if (script !== undefined) return `a script for ${script.wanted ?? script.interpreter}`;
  if (head.toString("latin1", tarMagicAt, tarMagicAt + 5) === "ustar") return "a tar archive";
  return isUniversal(head)
    ? "a program for macOS"
    : formats.find(([magic]) => head.toString("hex").startsWith(magic))?.[1];
}

const specialFiles: readonly (readonly [is: (status: Stats) => boolean, what: string])[] = [
  [(status) => status.isFIFO(), "a FIFO"],
  [(status) => status.isSocket(), "a socket"],
  [(status) => status.isCharacterDevice(), "a character device"],
  [(status) => status.isBlockDevice(), "a block device"],
];

/** "a FIFO", "a socket"; undefined where it is gone. Does not open it: that would rewind a tape, or wait for a writer. */
export function nameSpecialFile(path: string): string | undefined {
  const status = unlessRefused(() => statSync(systemPath(path), { throwIfNoEntry: false }), undefined);
  return status && specialFiles.find(([is]) => is(status))?.[1];
}

/**
 * Mach-O of several machines has the magic number of Java's classes: there a version of 45 or more follows, here the
 * number of machines. Source: mach-o/fat.h; Java virtual machine specification, 4.1.
 */
function isUniversal(head: Buffer): boolean {
  const firstJavaVersion = 45;
  return head.length >= 8 && head.readUInt32BE(0) === 0xcafebabe && head.readUInt32BE(4) < firstJavaVersion;
}
