// What a run says beside vitest's own report: at its start what the machine can do, at its end what was not run for want
// of which capability, and which files took longest. To the file that WRAP_BUDDY_TEST_COUNT names it adds a line with
// what passed, failed and was skipped: .ci/run adds them up.

import { appendFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { type Capability, capabilities, capabilityNames, lackingCapabilities } from "./capabilities.ts";

/** How many of the slowest files are named. */
const slowestCount = 10;

/** What a test needs and the machine lacks. */
const lackedBy = (test: TestCase): Capability | undefined =>
  lackingCapabilities().find((name) => test.tags.includes(name));

function printNotRun(tests: readonly TestCase[]): void {
  for (const name of lackingCapabilities()) {
    const count = tests.filter((test) => lackedBy(test) === name).length;
    if (count > 0) console.log(`${count} tests not run, they need ${name}: a machine that ${capabilities[name].does}`);
  }
}

function printSlowest(modules: readonly TestModule[]): void {
  if (modules.length <= slowestCount) return;
  const times = modules.map((module) => ({ path: module.relativeModuleId, ms: module.diagnostic().duration }));
  console.log("the slowest files, seconds:");
  for (const { path, ms } of times.sort((a, b) => b.ms - a.ms).slice(0, slowestCount)) {
    console.log(`${(ms / 1000).toFixed(1).padStart(7)}  ${path}`);
  }
}

export default class CountReporter implements Reporter {
  onInit(): void {
    const lacking = lackingCapabilities();
    for (const name of capabilityNames) {
      console.log(`${name}: this machine ${capabilities[name].does}: ${lacking.includes(name) ? "no" : "yes"}`);
    }
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    printNotRun(tests);
    printSlowest(modules);
    const file = process.env["WRAP_BUDDY_TEST_COUNT"];
    if (file === undefined) return;
    const passed = tests.filter((test) => test.result().state === "passed").length;
    const skipped = tests.filter((test) => test.result().state === "skipped" && lackedBy(test) !== undefined).length;
    // What did not run for another reason did so behind something that failed. A file that cannot be collected, and an
    // error outside any test, is a failure of its own.
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const failed = tests.length - passed - skipped + broken + errors.length;
    appendFileSync(file, `${passed} ${failed} ${skipped}\n`);
  }
}
