// Directories that go away with the program that made them.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new directory, removed when this process (of a test file, its worker) ends. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "wrap-buddy-"));
  process.once("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}
