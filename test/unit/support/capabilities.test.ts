import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { emulator } from "../../support/compiled/emulator.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { findLacking, hasCapability, smallestI386Program } from "../../support/vitest/capabilities.ts";

test("the smallest program of i386 ends well wherever it is started", () => {
  const file = `${temporaryDirectory()}/program`;
  writeFileSync(file, smallestI386Program());
  chmodSync(file, 0o755);
  expect(spawnSync(emulator("i386"), [file])).toMatchObject({ status: 0 });
  const isHidden = process.env["WRAP_BUDDY_WITHOUT"]?.includes("i386") === true;
  expect(spawnSync(file).status === 0 && !isHidden).toBe(hasCapability("i386"));
});

test("a capability that WRAP_BUDDY_WITHOUT names is lacking, and a name that is none is an error", () => {
  vi.stubEnv("WRAP_BUDDY_WITHOUT", "i386, perf");
  expect(findLacking()).toEqual(expect.arrayContaining(["i386", "perf"]));
  vi.stubEnv("WRAP_BUDDY_WITHOUT", "i387");
  expect(findLacking).toThrow(
    "WRAP_BUDDY_WITHOUT: i387 is none of i386, namespaces, users, perf, loop, xfs, btrfs, firejail, trace",
  );
  vi.unstubAllEnvs();
});
