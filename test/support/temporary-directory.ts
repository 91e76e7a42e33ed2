// Directories that go away with the test file, or the program, that made them.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made = new Set<string>();

/** A new directory; `removeTemporaryDirectories` removes it. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "wrap-buddy-"));
  made.add(path);
  return path;
}

/** Called after each test file (test/support/clean-up.ts), and by whatever else uses `temporaryDirectory`. */
export function removeTemporaryDirectories(): void {
  for (const path of made) rmSync(path, { recursive: true, force: true });
  made.clear();
}
