// Directories that go away with the test file, or the program, that made them.

import { spawnSync } from "node:child_process";
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

/** Only root removes what lies in a directory that is not writable, as those of a Nix store are. */
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    spawnSync("chmod", ["-R", "u+rwx", path]);
    rmSync(path, { recursive: true, force: true });
  }
}

/** Called after each test file (test/support/vitest/clean-up.ts), and by whatever else uses `temporaryDirectory`. */
export function removeTemporaryDirectories(): void {
  for (const path of made) remove(path);
  made.clear();
}
