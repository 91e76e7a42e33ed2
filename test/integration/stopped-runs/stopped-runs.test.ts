// A run ended at each system call that touches the tree: the file starts as it did or as it will, a second run finishes
// the work, and unwrapping gives the original.

import { expect, it } from "vitest";
import { orderProblems } from "../../support/disk-order.ts";
import { inTwoLanes } from "../../support/lanes.ts";
import { failsToStart } from "../../support/program.ts";
import type { Ran } from "../../support/sandbox.ts";
import { orderedCallsOf, stopAt, treeCallsOf } from "../../support/tree-calls.ts";
import { prepareStage, type Stage, scenarios, snapshotOf } from "../../support/write-scenarios.ts";

const hello: Ran = { stdout: "hello\n", stderr: "", exitCode: 0 };

/** There may be a warning about a set-user-ID file. */
const done = { exitCode: 0, stderr: expect.not.stringContaining("error:") };

/** What has to hold of the tree as the stopped run has left it; `again` makes another like it. */
async function checkStopped(stage: Stage, tree: string, again: () => Promise<string>): Promise<void> {
  const finish = async (): Promise<void> => {
    for (const ran of await stage.start(tree, true)) expect(ran).toEqual(hello);
    const started = await stage.start(tree, false);
    for (const ran of started) expect(failsToStart(ran) || ran.stdout === "hello\n").toBe(true);
    // One that was wrapped stays so: the original does not start where wrapping is needed.
    if (stage.scenario.wrappedAs !== undefined && stage.scenario.command === "wrap")
      expect(started.map(({ stdout }) => stdout)).not.toContain("");
    // Verifying says yes where all of them start as wrapped ones, and no where one does not.
    const isWrapped = started.every(({ stdout }) => stdout === "hello\n");
    const verified = await stage.verify(tree);
    expect(verified.exitCode === 0, verified.stdout + verified.stderr).toBe(isWrapped);
    expect(await stage.again(tree, stage.scenario.command)).toMatchObject(done);
    expect(snapshotOf(tree)).toEqual(stage.after);
  };
  const undo = async (): Promise<void> => {
    const other = await again();
    expect(await stage.again(other, "unwrap")).toMatchObject(done);
    expect(snapshotOf(other)).toEqual(stage.original);
  };
  await Promise.all([finish(), undo()]);
}

it.each(scenarios)("$title: a run can be stopped anywhere", async (scenario) => {
  const stage = await prepareStage(scenario);
  const whole = stage.fresh();
  const calls = await treeCallsOf(stage.runOver(whole));
  expect(snapshotOf(whole)).toEqual(stage.after);
  const ordered = await orderedCallsOf(stage.runOver(stage.fresh()));
  expect(ordered.filter((call) => call.startsWith("fsync")).length).toBeGreaterThan(1);
  expect(orderProblems(ordered)).toEqual([]);
  const stopped = async (call: (typeof calls)[number]): Promise<string> => {
    const tree = stage.fresh();
    await stopAt(stage.runOver(tree), call);
    return tree;
  };
  // A state that was found right once need not be looked at again.
  const known = new Map<string, Promise<void>>();
  await inTwoLanes(calls, async (call) => {
    const tree = await stopped(call);
    const state = JSON.stringify(snapshotOf(tree));
    const checked = known.get(state) ?? checkStopped(stage, tree, () => stopped(call));
    known.set(state, checked);
    await checked;
  });
  console.info(
    `${scenario.title}: stopped at ${calls.length} system calls, ${known.size} different states, 0 failures`,
  );
  // The first call changes nothing, the last ones all: fewer states would mean that nothing was stopped.
  expect(known.size).toBeGreaterThan(5);
});
