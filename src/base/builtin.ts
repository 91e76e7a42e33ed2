// Modules of Node that few runs need: each takes milliseconds to load.

import type * as ChildProcess from "node:child_process";
import type * as Crypto from "node:crypto";
import { createRequire } from "node:module";

interface Builtins {
  readonly "node:child_process": typeof ChildProcess;
  readonly "node:crypto": typeof Crypto;
}

/** Loads one where it is first used. process.getBuiltinModule is not in the oldest versions of Node 20. */
export function loadBuiltin<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  return createRequire(import.meta.url)(name);
}
