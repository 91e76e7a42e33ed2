// One damaged file after another at its place in a small tree, and all that the commands make of it.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunOutcome } from "../../../src/commands/wrap/run-outcome.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";
import { takeAllocated } from "./allocations.ts";
import { complaintAboutChange } from "./allowed-changes.ts";
import { inspectAndReport, unwrapAndReport, verifyAndReport, wrapAndReport } from "./commands.ts";
import type { Random } from "./random.ts";
import type { Seed } from "./seeds.ts";

/** A whole tree on disk: "bin/tool", "lib/…", and shared loaders. */
export interface Tree {
  readonly seed: Seed;
  readonly root: string;
  /** Directory with a loader.bin for the executable. */
  readonly loaders: string;
}

/** What is done with the file, and what must hold of it, besides that nothing is thrown. */
export interface Visit {
  /** What became of it, for the counts. */
  readonly outcome: string;
  readonly complaints: readonly string[];
  /** Buffers of the costliest command, bytes. */
  readonly allocated: number;
}

export const toolOf = ({ root }: Pick<Tree, "root">): string => join(root, "bin/tool");
export const sidecarOf = ({ root }: Pick<Tree, "root">): string => join(root, "bin/.tool.wrapbuddy");

export function writeTree(tree: Tree): void {
  mkdirSync(join(tree.root, "bin"), { recursive: true });
  mkdirSync(join(tree.root, "lib"), { recursive: true });
  for (const [name, bytes] of Object.entries(tree.seed.libraries)) writeFileSync(join(tree.root, "lib", name), bytes);
  putBack(tree);
}

/** The executable as it was, and nothing beside it. */
export function putBack(tree: Tree): void {
  const directory = join(tree.root, "bin");
  for (const name of readdirSync(directory)) if (name !== "tool") rmSync(join(directory, name), { recursive: true });
  writeFileSync(toolOf(tree), tree.seed.tool, { mode: 0o755 });
}

/** Ways to wrap that differ in the stub, the sidecar and the run path. */
function anyRequest(tree: Tree, random: Random): WrapRequest {
  const { root, loaders, seed } = tree;
  return wrapRequestOf([toolOf(tree)], {
    interpreters: [join(root, "lib", seed.linker)],
    libraryDirectories: [join(root, "lib")],
    ignoreMissing: random.oneIn(6) ? [] : ["*"],
    // Outside of the store files are replaced by copies that another program makes: too slow for thousands.
    storeDirectory: root,
    relocatable: random.oneIn(2),
    form: random.pick(["stub", "stub", "in-place", "auto"]),
    pin: random.oneIn(2) ? "always" : "never",
    runPathMode: random.pick(["auto", "runpath", "rpath"]),
    ...(random.oneIn(4) ? { loaderDirectory: loaders } : {}),
    ...(random.oneIn(8) ? { appendRunPath: ["/run/opengl-driver/lib"], extraNeeded: ["libtwo.so"] } : {}),
    allowOwnInterpreter: random.oneIn(8),
    paths: [random.oneIn(4) ? join(root, "bin") : toolOf(tree)],
  });
}

/** Runs commands one after the other and notes what each costs and what is wrong. */
export function createVisit() {
  const complaints: string[] = [];
  let allocated = 0;
  return {
    complaints,
    claim: (complaint: string | undefined | false) => {
      if (typeof complaint === "string") complaints.push(complaint);
    },
    step<T>(name: string, command: () => T): T | undefined {
      takeAllocated();
      try {
        return command();
      } catch (error) {
        complaints.push(`${name} throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        return undefined;
      } finally {
        allocated = Math.max(allocated, takeAllocated());
      }
    },
    end: (outcome: string): Visit => ({ outcome, complaints, allocated }),
  };
}

const asked = (tree: Tree) => ({ paths: [toolOf(tree)], recurse: true, exclude: [], storeDirectory: tree.root });

const isWrittenIn = (outcome: RunOutcome | undefined): boolean =>
  outcome?.files.some(({ kind }) => kind === "wrapped" || kind === "in-place") === true && outcome.ok;

/** What became of the first file. */
export const textOf = (outcome: RunOutcome | undefined): string => {
  const [file] = outcome?.files ?? [];
  if (file === undefined) return "not found";
  if (file.kind === "skipped") return `skipped: ${file.reason}`;
  if (file.kind !== "failed") return file.kind;
  const [issue] = outcome?.issues ?? [];
  return `failed: ${issue?.kind ?? "without a reason"}`;
};

/**
 * With a damaged executable, or a whole one between damaged libraries: wraps it and restores it. `random` decides how.
 */
export function visitUnwrapped(tree: Tree, original: Uint8Array, random: Random): Visit {
  const visit = createVisit();
  const request = anyRequest(tree, random);
  const look = () => verifyAndReport({ ...asked(tree), ignoreMissing: request.ignoreMissing });
  const tool = (): Uint8Array => readFileSync(toolOf(tree));
  const isWhole = (when: string) => {
    visit.claim(!Buffer.from(original).equals(tool()) && `${when}: the executable is not the original`);
    const beside = readdirSync(join(tree.root, "bin")).filter((name) => name !== "tool");
    visit.claim(beside.length > 0 && `${when}: ${beside.join(", ")} beside it`);
  };

  const isTold = random.oneIn(3);
  const dry = isTold ? visit.step("a dry run", () => wrapAndReport({ ...request, dryRun: true })) : undefined;
  isWhole("before it is wrapped");
  const outcome = visit.step("wrapping", () => wrapAndReport(request));
  visit.claim(
    isTold && textOf(dry) !== textOf(outcome) && `a dry run says ${textOf(dry)}, then it is ${textOf(outcome)}`,
  );
  if (!isWrittenIn(outcome)) {
    isWhole("not wrapped");
    visit.claim(outcome?.ok === false && outcome.issues.length === 0 && "an error without an issue");
    const report = visit.step("verifying what is not wrapped", look);
    visit.claim(report?.ok === true && "what is not wrapped is verified");
    visit.step("inspecting what is not wrapped", () => inspectAndReport(request));
    visit.step("unwrapping what is not wrapped", () => unwrapAndReport({ ...asked(tree), dryRun: false }));
    isWhole("not wrapped, then unwrapped");
    return visit.end(textOf(outcome));
  }
  const wrapped = tool();
  visit.claim(complaintAboutChange(original, wrapped, original));
  const report = visit.step("verifying", look);
  visit.claim(
    report?.ok === false &&
      `verifying finds ${JSON.stringify(report.issues, (_, value) => (typeof value === "bigint" ? `${value}` : value))}`,
  );
  if (random.oneIn(2)) visit.step("inspecting", () => inspectAndReport(request));
  if (random.oneIn(3)) {
    const again = visit.step("wrapping again", () => wrapAndReport(request));
    visit.claim(!/^already-/.test(textOf(again)) && `wrapped again it is ${textOf(again)}`);
    visit.claim(!Buffer.from(wrapped).equals(tool()) && "wrapping again changes it");
  }
  if (random.oneIn(4)) {
    const other = anyRequest(tree, random);
    const again = visit.step("wrapping in another way", () => wrapAndReport(other));
    if (isWrittenIn(again)) visit.claim(complaintAboutChange(original, tool(), original));
  }
  const restored = visit.step("unwrapping", () => unwrapAndReport({ ...asked(tree), dryRun: false }));
  visit.claim(restored?.ok === false && `unwrapping fails: ${JSON.stringify(restored.issues)}`);
  isWhole("unwrapped");
  return visit.end(textOf(outcome) === "in-place" ? "in place and restored" : "wrapped and restored");
}

/** What lies in the directory of an executable that has been wrapped, some of it damaged. */
export interface Wrapped {
  readonly tool: Uint8Array;
  readonly sidecar: Uint8Array | undefined;
}

/** Looks at a wrapped executable that is damaged, or whose sidecar is, and then restores it or wraps it again. */
export function visitWrapped(tree: Tree, { tool: before, sidecar }: Wrapped, random: Random): Visit {
  const visit = createVisit();
  const request = anyRequest(tree, random);
  if (sidecar !== undefined) writeFileSync(sidecarOf(tree), sidecar);
  visit.step("verifying", () => verifyAndReport({ ...asked(tree), ignoreMissing: ["*"] }));
  visit.step("inspecting", () => inspectAndReport(request));
  visit.step("a dry way back", () => unwrapAndReport({ ...asked(tree), dryRun: true }));
  visit.claim(!readFileSync(toolOf(tree)).equals(before) && "looking at it changes it");
  if (random.oneIn(2)) {
    const report = visit.step("unwrapping", () => unwrapAndReport({ ...asked(tree), dryRun: false }));
    const after: Uint8Array = readFileSync(toolOf(tree));
    const kind = report?.files[0]?.kind ?? "not read";
    visit.claim(
      kind === "unwrapped"
        ? complaintAboutChange(before, after, after, true)
        : !Buffer.from(before).equals(after) && `${kind}, and changed`,
    );
    return visit.end(`way back: ${kind}`);
  }
  const outcome = visit.step("wrapping", () => wrapAndReport(request));
  const after: Uint8Array = readFileSync(toolOf(tree));
  if (!isWrittenIn(outcome)) {
    visit.claim(!Buffer.from(before).equals(after) && `${textOf(outcome)}, and changed`);
    return visit.end(`again: ${textOf(outcome)}`);
  }
  const report = visit.step("unwrapping", () => unwrapAndReport({ ...asked(tree), dryRun: false }));
  // What stands where the former interpreter's path was is not put back into use.
  if (report?.issues.some(({ kind }) => kind === "interpreter-overwritten")) {
    visit.claim(!Buffer.from(after).equals(readFileSync(toolOf(tree))) && "refused, and changed");
    visit.claim(!existsSync(sidecarOf(tree)) && "refused, and the sidecar is gone");
    return visit.end("again: wrapped, no way back");
  }
  visit.claim(report?.ok === false && `wrapped again it is not unwrapped: ${JSON.stringify(report.issues)}`);
  const restored: Uint8Array = readFileSync(toolOf(tree));
  visit.claim(complaintAboutChange(restored, after, restored, true));
  visit.claim(complaintAboutChange(before, restored, restored, true));
  visit.claim(existsSync(sidecarOf(tree)) && "the sidecar stays");
  return visit.end("again: wrapped and restored");
}
