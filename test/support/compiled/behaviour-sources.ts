// The programs of test/fixtures/behaviour: what one does that wrapped does the same as unwrapped.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { repository } from "../repository.ts";
import type { Source } from "./compile.ts";

/** Their sources, to be compiled; each is named with its folder: "memory/break.c". */
export function behaviourSources(...names: readonly string[]): Source["files"] {
  const read = (name: string) => readFileSync(new URL(`test/fixtures/behaviour/${name}`, repository), "utf8");
  return Object.fromEntries(names.map((name) => [basename(name), read(name)]));
}
