// Looks for absolute paths in the files of a bundle, and says what each means.

import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { baseName, isInside, systemPath } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { errorCode, unlessRefused } from "../../../base/system-error.ts";
import { PT_LOAD } from "../../../elf/constants.ts";
import { readElfFile } from "../../../files/read-file.ts";
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

/** Bytes looked at in one go, and how many of them are looked at again: no path is longer. */
const chunkSize = 1 << 24;
const overlap = 4096;

/** A stretch of a file. */
interface Range {
  readonly start: number;
  readonly end: number;
}

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
  const texts = new Set<string>();
  try {
    const descriptor = openSync(systemPath(path), "r");
    try {
      const { size } = fstatSync(descriptor);
      const buffer = Buffer.alloc(Math.min(chunkSize, size));
      for (const { start, end } of rangesOf(path, size)) {
        for (let at = start; at < end; at += chunkSize - overlap) {
          const count = readSync(descriptor, buffer, 0, Math.min(buffer.length, end - at), at);
          for (const [text] of buffer.toString("latin1", 0, count).matchAll(pattern)) texts.add(trimmed(text));
          if (at + count >= end) break;
        }
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
  return texts;
}

/** Of an ELF file what is mapped when it runs: the rest is debug information. */
function rangesOf(path: string, size: number): readonly Range[] {
  const reading = readElfFile(path, (elf) =>
    elf.programHeaders
      .filter(({ type }) => type === PT_LOAD)
      .map(({ offset, fileSize }) => ({ start: offset, end: Math.min(offset + fileSize, size) })),
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
