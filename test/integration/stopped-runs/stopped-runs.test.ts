// A run ended at any system call: the file starts as it did or as it will, a second run finishes the work, and unwrapping
// gives the original. What the tree is after each call is seen in one run; some of the calls are then really stopped at.

import { expect, it } from "vitest";
import { failsToStart } from "../../support/compiled/program.ts";
import type { Ran } from "../../support/roots/sandbox.ts";
import { fuzzSeed } from "../../support/vitest/fuzz-time.ts";
import { inTwoLanes } from "../../support/vitest/lanes.ts";
import { orderProblems } from "../../support/writing/disk-order.ts";
import { orderedCallsOf, stopAt, treeCallsOf, treesLeftBy } from "../../support/writing/tree-calls.ts";
import { copyOfTree, prepareStage, type Stage, scenarios, snapshotOf } from "../../support/writing/write-scenarios.ts";

const hello: Ran = { stdout: "hello\n", stderr: "", exitCode: 0 };

/** There may be a warning about a set-user-ID file. */
const done = { exitCode: 0, stderr: expect.not.stringContaining("error:") };

/** What has to hold of the tree as the stopped run has left it. */
async function checkStopped(stage: Stage, tree: string): Promise<void> {
  const other = await copyOfTree(tree);
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

  const watched = stage.fresh();
  const left = await treesLeftBy(stage.runOver(watched), watched);
  const states = new Map(left.map((tree) => [JSON.stringify(snapshotOf(tree)), tree]));
  // The first call changes nothing, the last ones all: fewer states would mean that nothing was seen.
  expect(states.size).toBeGreaterThan(5);
  expect([...states.keys()]).toContain(JSON.stringify(stage.before));
  expect([...states.keys()]).toContain(JSON.stringify(stage.after));
  const stops = calls.filter((_, index) => index % 16 === fuzzSeed % 16);
  await inTwoLanes(stops, async (call) => {
    const tree = stage.fresh();
    await stopAt(stage.runOver(tree), call);
    const state = JSON.stringify(snapshotOf(tree));
    expect(states.has(state), `stopped at ${call.name} ${call.occurrence}: ${state}`).toBe(true);
  });
  await inTwoLanes([...states.values()], (tree) => checkStopped(stage, tree));
  console.info(
    `${scenario.title}: ${states.size} different states, stopped at ${stops.length} of ${calls.length} system calls (seed ${fuzzSeed}), 0 failures`,
  );
});
