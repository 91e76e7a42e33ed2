// Starts a program of Nix. A file of its own in the bundle, because starting programs takes a library to load.

import { execa } from "execa";

export type NixRan =
  | { readonly kind: "done"; readonly stdout: string }
  /** `stderr` is "" where it was passed on. */
  | { readonly kind: "failed"; readonly reason: string; readonly stderr: string };

/** Runs it with the `variables` only. Its standard error is passed on with "inherit", so that its progress is seen. */
export async function runNix(
  program: "nix" | "nix-store",
  words: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
  standardError: "inherit" | "pipe",
): Promise<NixRan> {
  const ran = await execa(program, words, {
    stdin: "ignore",
    stdout: "pipe",
    stderr: standardError,
    reject: false,
    env: variables,
    extendEnv: false,
  });
  const { exitCode, signal, code, stdout } = ran;
  if (exitCode === 0) return { kind: "done", stdout };
  const reason =
    code === "ENOENT" ? `there is no ${program} in $PATH` : `${program} ended with ${signal ?? exitCode ?? code}`;
  return { kind: "failed", reason, stderr: ran.stderr ?? "" };
}
