import { defineConfig } from "vitest/config";
import { capabilities, capabilityNames, findLacking, lackingVariable } from "./test/support/vitest/capabilities.ts";

const lacking = findLacking();
process.env[lackingVariable] = lacking.join(" ");

const project = (name: string, include: readonly string[], timeout: number) => ({
  extends: true as const,
  test: {
    name,
    include: [...include],
    setupFiles: ["test/support/vitest/clean-up.ts"],
    testTimeout: timeout,
    hookTimeout: timeout,
    // Unit tests start nothing and keep nothing: what they import is read once for all of them.
    ...(name === "unit" ? { isolate: false } : { runner: "./test/support/vitest/namespaces-runner.ts" }),
  },
});

export default defineConfig({
  test: {
    // Two cores are what the tests are planned for, and what the machine that runs them for every change has.
    maxWorkers: 2,
    env: { [lackingVariable]: lacking.join(" ") },
    // A test that needs a capability has its tag.
    tags: capabilityNames.map((name) => ({
      name,
      description: `this machine ${capabilities[name].does}`,
      // Nothing is said of skipping where it is there: the last of a test's tags would overrule the others.
      ...(lacking.includes(name) ? { skip: true } : {}),
    })),
    reporters: ["default", "./test/support/vitest/count-reporter.ts"],
    projects: [
      project("unit", ["test/unit/**/*.test.ts"], 120_000),
      project("property", ["test/property/**/*.test.ts"], 600_000),
      project("integration", ["test/integration/**/*.test.ts"], 600_000),
      project("nix", ["test/nix/**/*.test.ts"], 600_000),
      project("corpus", ["test/corpus/**/*.test.ts"], 600_000),
    ],
  },
});
