import { chmodSync, statSync, writeFileSync } from "node:fs";

/** Writes into a file that may be read-only, as sidecars are; root writes there anyway. Its mode stays. */
export function overwriteFile(path: string, bytes: string | Uint8Array): void {
  const { mode } = statSync(path);
  chmodSync(path, mode | 0o200);
  writeFileSync(path, bytes);
  chmodSync(path, mode);
}
