// Every open, write, rename, chmod … of the tree made to fail: exit status 1, a message with path and reason, and the
// tree is as it was; or the run finds another way, and the tree is as it should be.

import { expect, it } from "vitest";
import { inTwoLanes } from "../../support/lanes.ts";
import { failAt, type TreeCall, treeCallsOf } from "../../support/tree-calls.ts";
import { prepareStage, type Stage, scenarios, snapshotOf } from "../../support/write-scenarios.ts";

const changing = new Set(["openat", "pwrite64", "rename", "fchmod", "chmod", "link", "unlink", "ftruncate", "fchown"]);
const allErrors = ["ENOSPC", "EIO", "EROFS", "EACCES", "ETXTBSY"] as const;

/** All errors for the plainest run; for the others those that are answered in different ways. */
function errorsFor(stage: Stage, { name }: TreeCall): readonly string[] {
  if (stage.scenario === scenarios[0]) return allErrors;
  return name === "openat" ? ["EIO", "EACCES", "ETXTBSY"] : ["EIO"];
}

/** What became of the tree. "sidecar left": the executable is as it should be, and a sidecar could not be removed. */
type Result = "as it was" | "finished" | "sidecar left";

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
  expect(ran.stderr, what).toMatch(new RegExp(`wrap-buddy: error: /tree/.*\\(?${error}\\)?`));
  expect(ran.stderr, what).not.toContain("could not be taken back");
  if (JSON.stringify(now) === JSON.stringify(stage.before)) return "as it was";
  // The sidecar that is not used any more goes last.
  expect([call.name, now], what).toMatchObject(["unlink", stage.after]);
  expect(await stage.again(tree, stage.scenario.command)).toMatchObject({ exitCode: 0, stderr: "" });
  expect(snapshotOf(tree), what).toEqual(stage.after);
  return "sidecar left";
}

it.each(scenarios)("$title: any call may fail", async (scenario) => {
  const stage = await prepareStage(scenario);
  const calls = await treeCallsOf(stage.runOver(stage.fresh(), "files"));
  const points = calls
    .filter(({ name }) => changing.has(name))
    .flatMap((call) => errorsFor(stage, call).map((error) => ({ call, error })));
  const counts: Record<Result, number> = { "as it was": 0, finished: 0, "sidecar left": 0 };
  await inTwoLanes(points, async ({ call, error }) => {
    counts[await tryFailing(stage, call, error)]++;
  });
  console.info(
    `${scenario.title}: ${points.length} injected errors, 0 failures; the tree was as before after ${counts["as it was"]}, finished all the same after ${counts.finished}, with a sidecar left after ${counts["sidecar left"]}`,
  );
  // Neither outcome is rare: where a stub gives way to texts in place, half of the calls come after the last write that
  // can be taken back.
  expect(counts["as it was"]).toBeGreaterThan(points.length / 3);
});
