// Every executable of this machine's /usr/bin and /usr/sbin in place: nearly all have room, and answer as the originals do
// in a root where the originals cannot start.

import { expect, it } from "vitest";
import { compareAnswers, startOthers, wrapSystemExecutables } from "../support/foreign/system-executables.ts";

it("this machine's executables answer in place as the originals do; few have no room", async () => {
  const placed = await wrapSystemExecutables("in-place", ["--form", "auto"]);
  const stubs = placed.report.files.filter(({ kind }) => kind === "wrapped");
  const without = stubs.map(({ path }) => path.slice(placed.copies.length + 1));
  console.info(`${placed.names.length} in place; no room: ${without.join(" ")}`);
  expect(without.length).toBeLessThan(placed.names.length / 100);
  const answers = await compareAnswers(placed);
  expect(answers.different).toEqual([]);
  expect(answers.same / placed.names.length).toBeGreaterThan(0.9);
  expect(startOthers(answers).length).toBeLessThan(5);
}, 1_800_000);
