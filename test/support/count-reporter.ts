// Adds what passed and failed to the file that WRAP_BUDDY_TEST_COUNT names, a line a run: .ci/run adds them up.

import { appendFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const file = process.env["WRAP_BUDDY_TEST_COUNT"];
    if (file === undefined) return;
    let passed = 0;
    // A file that cannot be collected, and an error outside any test, is a failure of its own.
    let failed = errors.length;
    for (const module of modules) {
      if (module.errors().length > 0) failed++;
      for (const test of module.children.allTests()) {
        if (test.result().state === "passed") passed++;
        else failed++;
      }
    }
    appendFileSync(file, `${passed} ${failed}\n`);
  }
}
