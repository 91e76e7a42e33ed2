// What the plan of an executable is made from, and what comes of it. Types only.

import type { ElfFile } from "../elf/elf-file.ts";
import type { Interpreter } from "../linker/interpreter/interpreter.ts";
import type { Resolution } from "../linker/solve/resolution.ts";
import type { FilePlan } from "./file-plan.ts";
import type { Original } from "./original.ts";
import type { PatchIssue } from "./patch-issue.ts";
import type { RecipeRequest } from "./sidecar/recipe.ts";

export interface PlanRequest extends RecipeRequest {
  /** Permission bits. */
  readonly mode: number;
  /** It has names that are not in `names`. */
  readonly hasOtherNames: boolean;
  /** As ExecutableNames has it. */
  readonly isBuildOutput: boolean;
  /** The file as it is. */
  readonly current: ElfFile;
  /** What it was before, as `readOriginal` says. */
  readonly original: Exclude<Original, { readonly kind: "damaged" }>;
  readonly interpreter: Interpreter;
  /** How the sidecar names it; absent: by its path. */
  readonly interpreterName?: string;
  readonly resolution: Resolution;
  /** Names that sidecars of the run's other executables have in between. One that is chosen is added. */
  readonly passingPaths: Set<string>;
  /** Sidecars in its directory that are named after no file; none when absent. */
  readonly orphanSidecars?: readonly string[];
}

export type Planned =
  | { readonly kind: "plan"; readonly plan: FilePlan }
  | { readonly kind: "impossible"; readonly issue: PatchIssue };
