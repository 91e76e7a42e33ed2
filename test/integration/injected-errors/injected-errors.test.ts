// Every open, write, rename, chmod … of the tree made to fail: exit status 1, a message with path and reason, and the
// tree is as it was; or the run finds another way, and the tree is as it should be.

import { expect, it } from "vitest";
import { fuzzSeed } from "../../support/vitest/fuzz-time.ts";
import { inTwoLanes } from "../../support/vitest/lanes.ts";
import { failAt, type TreeCall, treeCallsOf } from "../../support/writing/tree-calls.ts";
import { prepareStage, type Stage, scenarios, snapshotOf } from "../../support/writing/write-scenarios.ts";

const changing = new Set([
  "openat",
  "pwrite64",
  "rename",
  "fchmod",
  "chmod",
  "link",
  "unlink",
  "ftruncate",
  "fchown",
  "fsync",
]);
const allErrors = ["ENOSPC", "EIO", "EROFS", "EACCES", "ETXTBSY"] as const;

/**
 * All errors for the plainest run; for the others those that are answered in different ways: by turns where a file is
 * only read.
 */
function errorsFor(stage: Stage, { name, isForReading }: TreeCall, index: number): readonly string[] {
  if (stage.scenario === scenarios[0]) return allErrors;
  if (name !== "openat") return ["EIO"];
  if (!isForReading) return ["EIO", "EACCES", "ETXTBSY"];
  return [(index + fuzzSeed) % 2 === 0 ? "EIO" : "EACCES"];
}

/** What became of the tree. "begun": the executable starts as it will, and a second run does what is left. */
type Result = "as it was" | "finished" | "begun";

async function tryFailing(stage: Stage, call: TreeCall, error: string): Promise<Result> {
  const tree = stage.fresh();
  const ran = await failAt(stage.runOver(tree, "files"), call, error);
  const now = snapshotOf(tree);
  const what = `${error} from ${call.name} ${call.occurrence}: ${ran.stderr}`;
  if (ran.exitCode === 0) {
    expect(now, what).toEqual(stage.after);
    return "finished";
  }
  expect(ran.exitCode, what).toBe(1);
  expect(ran.stderr, what).toMatch(new RegExp(`wrap-buddy: error: /tree\\b.*\\(?${error}\\)?`));
  expect(ran.stderr, what).not.toContain("could not be taken back");
  if (JSON.stringify(now) === JSON.stringify(stage.before)) return "as it was";
  const isWrapping = stage.scenario.command === "wrap";
  for (const started of await stage.start(tree, !isWrapping)) expect(started.stdout, what).toBe("hello\n");
  // There may be a warning about a set-user-ID file.
  const done = { exitCode: 0, stderr: expect.not.stringContaining("error:") };
  expect(await stage.again(tree, stage.scenario.command)).toMatchObject(done);
  expect(snapshotOf(tree), what).toEqual(stage.after);
  return "begun";
}

it.each(scenarios)("$title: any call may fail", async (scenario) => {
  const stage = await prepareStage(scenario);
  const whole = stage.fresh();
  const calls = await treeCallsOf(stage.runOver(whole, "files"));
  expect(snapshotOf(whole)).toEqual(stage.after);
  const points = calls
    .filter(({ name }) => changing.has(name))
    .flatMap((call, index) => errorsFor(stage, call, index).map((error) => ({ call, error })));
  const counts: Record<Result, number> = { "as it was": 0, finished: 0, begun: 0 };
  await inTwoLanes(points, async ({ call, error }) => {
    counts[await tryFailing(stage, call, error)]++;
  });
  console.info(
    `${scenario.title}: ${points.length} injected errors (seed ${fuzzSeed}), 0 failures; the tree was as before after ${counts["as it was"]}, finished all the same after ${counts.finished}, begun after ${counts.begun}`,
  );
  // Each outcome has been checked; this says that errors did something. Half of the calls, where a stub gives way to texts
  // in place, look for what may not be there or come after the last that can be taken back.
  expect(counts["as it was"]).toBeGreaterThan(points.length / 3);
});
