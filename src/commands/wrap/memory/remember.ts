// After a run that went well: what the next one need not find out again.

import { Buffer } from "node:buffer";
import { signatureAt } from "../../../base/file-signature.ts";
import type { PackageOf } from "../../../linker/solve/resolve-context.ts";
import type { FilePlan } from "../../../patch/file-plan.ts";
import { readIfThere } from "../../../patch/write/write-file.ts";
import type { PlannedLibrary } from "../../../planning/plan-library.ts";
import type { Surroundings } from "../../../planning/surroundings.ts";
import type { Issue } from "../../../report/issue.ts";
import { keepRun } from "./kept-run.ts";
import type { Recalled } from "./recall.ts";
import type { RunKey } from "./run-key.ts";
import type { KnownExecutable, RunMemory } from "./run-memory.ts";
import { mergeSeen, seenStateOf, textAt } from "./seen-state.ts";

export interface Remembering extends RunKey {
  readonly memory: RunMemory;
  readonly recalled: Recalled;
  readonly surroundings: Surroundings;
  /** When the run began, milliseconds since 1970. */
  readonly beginning: number;
}

/** Keeps what the run has `planned`, all of which is written now, together with what it had recalled. */
export function remember(planned: readonly PlannedLibrary[], run: Remembering): void {
  const { memory, name, key, isAtRest, recalled, surroundings, beginning } = run;
  const { packageOf, index } = surroundings;
  if (!isAtRest(beginning)) return;
  const seen = seenStateOf(index.consulted(), beginning);
  if (seen === undefined) return;
  const written = planned.flatMap((file) => (file.kind === "plan" ? [file] : []));
  const added = written.flatMap(({ plan, issues }) => knownOf(plan, issues, packageOf));
  if (added.length === 0) return;
  const executables = [...recalled.executables.values(), ...added];
  keepRun(memory.directory, name(), {
    key: key(),
    seen: recalled.run === undefined ? seen : mergeSeen(recalled.run.seen, seen),
    executables,
    tellers: [
      ...written.flatMap(({ plan, issues }) => (issues.length > 0 ? [plan.path] : [])),
      ...[...recalled.executables.values()].flatMap(({ path, issues }) => (issues.length > 0 ? [path] : [])),
    ],
  });
}

/** Nothing where another may have changed a file since, or could without its being seen. */
function knownOf(plan: FilePlan, issues: readonly Issue[], packageOf: PackageOf): readonly KnownExecutable[] {
  const { path, names, sidecarPaths, sidecar, facts } = plan;
  const [sidecarPath, ...others] = sidecarPaths;
  if (names.length > 1 || others.length > 0 || facts.loader.kind === "shared") return [];
  const [own, beside] = [signatureAt(path), signatureAt(sidecarPath)];
  const interpreterSignature = textAt(facts.interpreter);
  if (typeof own !== "object" || typeof beside !== "object" || interpreterSignature === undefined) return [];
  const there = readIfThere(sidecarPath);
  if (there === undefined || !Buffer.from(sidecar).equals(there)) return [];
  const now = Date.now();
  if (own.atRest >= now || beside.atRest >= now) return [];
  return [
    {
      path,
      packageName: packageOf(path),
      signature: own.text,
      sidecarPath,
      sidecarSignature: beside.text,
      interpreterSignature,
      facts,
      issues,
    },
  ];
}
