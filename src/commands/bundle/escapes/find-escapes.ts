// Looks for absolute paths in the files of a bundle, and says what each means.

import { statSync } from "node:fs";
import { baseName, isInside, systemPath } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { unlessRefused } from "../../../base/system-error.ts";
import { PT_LOAD } from "../../../elf/constants.ts";
import type { FileRange } from "../../../elf/payload.ts";
import { readElfFile } from "../../../files/read-file.ts";
import { searchRanges, stride } from "../../../files/search-ranges.ts";
import { storeObjectOf } from "../collect/given-programs.ts";
import { type Layout, placeOf } from "../collect/layout.ts";
import type { Escape, EscapeMeaning } from "./escape.ts";

/** Directories of the machine that a program runs on: what is in them is meant to be that machine's. */
const machineDirectories = ["/etc", "/var", "/run", "/home", "/root", "/tmp", "/dev", "/proc", "/sys", "/srv", "/mnt"];

/** Whether a path is one of the machine that a bundle runs on, wherever that is. */
export function isOfMachine(path: string): boolean {
  return machineDirectories.some((directory) => isInside(path, directory));
}

/** Folders and kinds of files that no program opens to do its work. */
const documentation =
  /\/(?:share\/(?:doc|man|info|gtk-doc|locale|licenses)|pkgconfig|include|nix-support|__pycache__)\/|\.(?:la|pc|a|o|h|hpp|md|html|pyc|pyi|rst|gir|cmake|prl)$/;

const beginnings = ["usr", "lib", "lib32", "lib64", "libx32", "bin", "sbin", "etc", "opt", "var", "home", "run", "gnu"];

/** A path of at least two names, with one slash or more between them, where no name ends. In groups nothing: the whole match is it. */
function pathPattern(storeDirectory: string): RegExp {
  const store = storeDirectory.replace(/[^A-Za-z0-9/]/g, "\\$&");
  const names = `(?:${store}|/(?:${beginnings.join("|")}))`;
  return new RegExp(`(?<![A-Za-z0-9_.+\\-/})*])${names}(?:/+[A-Za-z0-9._+@%~=\\-]+)+`, "g");
}

/** No path is longer, bytes. Source: Linux include/uapi/linux/limits.h PATH_MAX. */
const longestPath = 4096;

/** All of them, sorted by place and text. Files that cannot be read have none. `replaced`: what the bundle has not any more. */
export function findEscapes(
  layout: Layout,
  storeDirectory: string,
  replaced: (path: string) => readonly string[] | "all",
): readonly Escape[] {
  const pattern = pathPattern(storeDirectory);
  const known = new Map<string, Pick<Escape, "meaning" | "isBundled">>();
  return layout.files().flatMap((path) => {
    const names = replaced(path);
    if (names === "all") return [];
    const without = new Set(names);
    const isDocumentation = documentation.test(path);
    const texts = [...textsIn(path, pattern)].filter((text) => !without.has(text)).sort();
    return texts.map((text): Escape => {
      const meant = known.get(text) ?? meaningOf(text, layout, storeDirectory);
      known.set(text, meant);
      const meaning = isDocumentation && meant.meaning !== "machine" ? "documentation" : meant.meaning;
      return { place: placeOf(path), text, meaning, isBundled: meant.isBundled };
    });
  });
}

function textsIn(path: string, pattern: RegExp): ReadonlySet<string> {
  const parts = { ranges: () => rangesOf(path), overhang: longestPath, mostBytes: Number.POSITIVE_INFINITY };
  return new Set(
    searchRanges(path, parts, (chunks) => {
      const texts = new Set<string>();
      for (const { bytes, offset, range } of chunks) {
        for (const { index, 0: text } of bytes.toString("latin1").matchAll(pattern)) {
          // What begins a chunk was seen by the one before, with what stands before it; the overhang is the next one's.
          if (index <= stride && (index > 0 || offset === range.start)) texts.add(trimmed(text));
        }
      }
      return [...texts];
    }),
  );
}

/** Of an ELF file what is mapped when it runs: the rest is debug information. */
function rangesOf(path: string): readonly FileRange[] {
  const size = statSync(systemPath(path)).size;
  const reading = readElfFile(path, (elf) =>
    elf.programHeaders
      .filter(({ type }) => type === PT_LOAD)
      .map(({ offset, fileSize: mapped }) => ({ start: offset, end: Math.min(offset + mapped, size) })),
  );
  return reading.kind === "read" && reading.result.length > 0 ? reading.result : [{ start: 0, end: size }];
}

/** Without the full stop of a sentence, and of a format (`/usr/lib/%s.so`) its directory. */
function trimmed(text: string): string {
  const percent = text.indexOf("%");
  const fixed = percent === -1 ? text : text.slice(0, text.lastIndexOf("/", percent));
  return fixed.replace(/[.]+$/, "");
}

function meaningOf(text: string, layout: Layout, storeDirectory: string): Pick<Escape, "meaning" | "isBundled"> {
  const real = realPathOf(text);
  const isBundled = real !== undefined && layout.contains(real);
  return { meaning: meaning(text, real, storeDirectory), isBundled };
}

function meaning(text: string, real: string | undefined, storeDirectory: string): EscapeMeaning {
  if (storeObjectOf(text, storeDirectory) === undefined && isOfMachine(text)) return "machine";
  const status = real === undefined ? undefined : unlessRefused(() => statSync(systemPath(real)), undefined);
  if (status === undefined) return "absent";
  if (/\.so(?:\.[0-9.]+)?$/.test(baseName(text))) return "library";
  return status.isFile() && (status.mode & 0o111) !== 0 ? "program" : "data";
}
