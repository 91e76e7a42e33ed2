// The names of the files that lie beside a wrapped executable NAME, for good or while it is being written.
//
//     .NAME.wrapbuddy     the sidecar
//     .NAME.wrapbuddy~    a new sidecar, before it is renamed
//     .NAME.wrapbuddy+    a changed copy of the executable, or a link to it, before it is renamed
//     .NAME.wrapbuddy-    the same, for an executable that is wrapped in another way: the second of two
//     .NAM~.wrapbuddy     such an executable's sidecar in between (passingSidecarName)

import { largestOf } from "../../base/extremes.ts";
import { baseName, directoryOf, joinPath } from "../../base/path.ts";
import { bytesOfText } from "../../base/text.ts";

/** How the name of every sidecar ends. */
export const sidecarSuffix = ".wrapbuddy";

const temporarySuffixes = { sidecar: "~", copy: "+", secondCopy: "-" } as const;
const suffixes: readonly string[] = Object.values(temporarySuffixes);

/** The sidecar's path of the executable at `path`. */
export function sidecarPathOf(path: string): string {
  return joinPath(directoryOf(path), `.${baseName(path)}${sidecarSuffix}`);
}

/** The path that a sidecar is named after. */
export function executableOf(sidecarPath: string): string {
  return joinPath(directoryOf(sidecarPath), baseName(sidecarPath).slice(1, -sidecarSuffix.length));
}

/** Bytes by which the longest of the names is longer than the sidecar's. */
export const longestTemporarySuffix = largestOf(
  suffixes.map(({ length }) => length),
  0,
);

/** Where a new sidecar is written that is to be renamed to `sidecarPath`. */
export function newSidecarPathOf(sidecarPath: string): string {
  return sidecarPath + temporarySuffixes.sidecar;
}

/** Where a copy of, or a link to, the executable stands before it is renamed to `path`. */
export function copyPathOf(path: string): string {
  return sidecarPathOf(path) + temporarySuffixes.copy;
}

/** The same of the copy that takes the place of that one. */
export function secondCopyPathOf(path: string): string {
  return sidecarPathOf(path) + temporarySuffixes.secondCopy;
}

const inBetween = [..."~0123456789abcdefghijklmnopqrstuvwxyz"];

/**
 * Another name for the sidecar `.NAME.wrapbuddy`, of as many bytes, so that a stub that names it is of the same size: the
 * last character of NAME is replaced, or the last two. Undefined where `isTaken` says so of all of them.
 */
export function passingSidecarName(sidecarName: string, isTaken: (name: string) => boolean): string | undefined {
  const characters = [...sidecarName.slice(1, -sidecarSuffix.length)];
  for (const endings of [inBetween, inBetween.flatMap((one) => inBetween.map((other) => one + other))]) {
    const length = endings[0]?.length ?? 0;
    const replaced = bytesOfText(characters.slice(-length).join("")).length;
    if (replaced < length) break;
    const stem = characters.slice(0, -length).join("") + "~".repeat(replaced - length);
    const name = endings.map((one) => `.${stem}${one}${sidecarSuffix}`).find((one) => !isTaken(one));
    if (name !== undefined) return name;
  }
  return undefined;
}

/** True for `.NAME.wrapbuddy`. */
export function isSidecarName(name: string): boolean {
  return name.startsWith(".") && name.endsWith(sidecarSuffix) && name.length > sidecarSuffix.length + 1;
}

/** True for the names that only a stopped run leaves behind. */
export function isLeftoverName(name: string): boolean {
  return name.startsWith(".") && suffixes.some((one) => name.endsWith(one)) && isSidecarName(name.slice(0, -1));
}
