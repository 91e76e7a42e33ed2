// Paths as text: absolute, slashes only, nothing asked of the file system.

import { bytesOfText, isEscaped } from "./text.ts";

/** `directory`/`name`, without a second slash at the root. */
export function joinPath(directory: string, name: string): string {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

/** What stands before the last slash; "/" for an entry of the root. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

/** What stands after the last slash. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Without slashes at the end, except for the root itself. */
export function withoutTrailingSlashes(path: string): string {
  // No regular expression: one would try every slash of a long run of them that stands elsewhere.
  let end = path.length;
  while (end > 1 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}

/** Whether `path` is `directory` or below it. Both without `..` and without slashes at the end. */
export function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** A path as node:fs takes it: bytes where the name is not UTF-8. */
export function systemPath(path: string): string | Buffer {
  return isEscaped(path) ? bytesOfText(path) : path;
}

/** How to get from one absolute directory to another: "../lib"; "" when they are the same. */
export function relativePath(from: string, to: string): string {
  const here = parts(from);
  const there = parts(to);
  const shared = sharedLength(here, there);
  return [...here.slice(shared).map(() => ".."), ...there.slice(shared)].join("/");
}

/** Steps up and down from one absolute directory to another. */
export function distance(from: string, to: string): number {
  const here = parts(from);
  const there = parts(to);
  return here.length + there.length - 2 * sharedLength(here, there);
}

function parts(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}

function sharedLength(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** `.` and `..` resolved as text: good enough to see that `$ORIGIN/../lib` and an absolute spelling are one. */
export function normalise(path: string): string {
  if (isNormal(path)) return path;
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") kept.pop();
    else kept.push(part);
  }
  return `/${kept.join("/")}`;
}

/** Most paths are: absolute, without `.` and `..`, without a slash too many. A dot that begins a name is looked at. */
function isNormal(path: string): boolean {
  return path.startsWith("/") && !path.includes("//") && !path.includes("/.") && (path === "/" || !path.endsWith("/"));
}
