// Directories that go away with the test file that made them.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A new directory, removed when the test file has run. To be called while tests are collected or run. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "wrap-buddy-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
