// For the projects whose tests start programs in sandboxes: each of their tests has the tag of what that takes.

import { type RunnerTestFile, TestRunner } from "vitest";

export default class NamespacesRunner extends TestRunner {
  override onCollectStart(file: RunnerTestFile): void {
    super.onCollectStart(file);
    file.tags = [...(file.tags ?? []), "namespaces"];
  }
}
