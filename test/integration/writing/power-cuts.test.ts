// The power goes at any call that writes: a file system in an image is copied as it is on the disk then, once as it is
// and once after somebody has synced another file. On the copy the file starts as before or as wrapped, a second run
// finishes the work, and the way back gives the original.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { failsToStart } from "../../support/compiled/program.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import type { FileSystemName } from "../../support/writing/image-file-systems.ts";
import { afterCut, neededFor, syncedElsewhere, withImage } from "../../support/writing/power-cut.ts";
import { stopAt, treeCallsOf } from "../../support/writing/tree-calls.ts";
import { prepareStage, type Stage, scenarios, snapshotOf } from "../../support/writing/write-scenarios.ts";

const writing = new Set(["pwrite64", "rename", "link", "unlink", "fsync"]);

async function judge(stage: Stage, tree: string): Promise<void> {
  const state = JSON.stringify(snapshotOf(tree));
  const other = join(temporaryDirectory(), "tree");
  await execa("cp", ["-a", "-T", tree, other]);
  for (const ran of await stage.start(tree, true)) expect(ran.stdout, state).toBe("hello\n");
  for (const ran of await stage.start(tree, false)) {
    const isStarted = ran.stdout === "hello\n";
    const mayFail = stage.scenario.command === "unwrap" || stage.scenario.wrappedAs === undefined;
    expect(isStarted || (mayFail && failsToStart(ran)), state).toBe(true);
  }
  expect(await stage.again(tree, stage.scenario.command)).toMatchObject({ exitCode: 0 });
  expect(snapshotOf(tree)).toEqual(stage.after);
  expect(await stage.again(other, "unwrap")).toMatchObject({ exitCode: 0 });
  expect(snapshotOf(other)).toEqual(stage.original);
}

const cases: readonly (readonly [FileSystemName, string])[] = [
  ["ext4", "a fresh file"],
  ["ext4", "a wrapped file, in another way"],
  ["ext4", "the way back of a file in place"],
  ["ext4", "the way back of a file"],
  ["xfs", "the way back of a file"],
  ["btrfs", "a wrapped file, in another way"],
  ["btrfs", "the way back of a file"],
];

const scenarioOf = (title: string) => {
  const scenario = scenarios.find((one) => one.title === title);
  if (scenario === undefined) throw new Error(`there is no scenario "${title}"`);
  return scenario;
};

it("what is written and never synced is lost, and what is removed is gone", { tags: ["loop", "trace"] }, async () => {
  const stage = await prepareStage(scenarioOf("the way back of a file"));
  await withImage("ext4", stage.fresh(), async (tree, image) => {
    await execa("dd", ["if=/dev/zero", `of=${join(tree, "tool")}`, "conv=notrunc", "bs=64", "count=1"]);
    await execa("rm", [join(tree, ".tool.wrapbuddy")]);
    await syncedElsewhere(tree);
    const left = await afterCut("ext4", image);
    expect(readdirSync(left)).toEqual(["tool"]);
    expect(snapshotOf(left)["tool"]).toBe(stage.before["tool"]);
  });
});

async function cutEverywhere(name: FileSystemName, title: string): Promise<void> {
  const stage = await prepareStage(scenarioOf(title));
  // How a file is copied depends on the file system.
  const made = await withImage(name, stage.fresh(), (tree) => treeCallsOf(stage.runOver(tree)));
  const calls = made.filter((call) => writing.has(call.name));
  const known = new Set<string>();
  let cuts = 0;
  for (const call of calls) {
    const left = await withImage(name, stage.fresh(), async (tree, image) => {
      await stopAt(stage.runOver(tree), call);
      const atOnce = await afterCut(name, image);
      await syncedElsewhere(tree);
      return [atOnce, await afterCut(name, image)];
    });
    for (const tree of left) {
      cuts++;
      const state = JSON.stringify(snapshotOf(tree));
      if (known.has(state)) continue;
      known.add(state);
      await judge(stage, tree);
    }
  }
  console.info(`${name}, ${title}: ${cuts} power cuts, ${known.size} different states, 0 failures`);
  expect(known.size).toBeGreaterThan(1);
}

for (const [name, title] of cases) {
  it(`on ${name}, ${title}: the power may go at any time`, { tags: [...neededFor[name]], timeout: 300_000 }, () =>
    cutEverywhere(name, title),
  );
}
