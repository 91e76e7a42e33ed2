import { expect, test } from "vitest";
import { privilegeIssue } from "../../../src/patch/privileges.ts";

const warning = (...bits: readonly string[]) => ({
  kind: "privileges-refused",
  severity: "warning",
  path: "tool",
  bits,
});

test.each([
  [0o4755, ["set-user-ID"]],
  [0o4711, ["set-user-ID"]],
  [0o2755, ["set-group-ID"]],
  [0o6755, ["set-user-ID", "set-group-ID"]],
] as const)("warns of mode %o where the sidecar is looked for beside the executable", (mode, bits) => {
  expect(privilegeIssue("tool", mode, "beside")).toEqual(warning(...bits));
});

test.each([
  0o755, 0o1755,
  // No set-group-ID without the group's execute bit.
  0o2745,
])("says nothing of mode %o", (mode) => {
  expect(privilegeIssue("tool", mode, "beside")).toBeUndefined();
});

test("says nothing where the sidecar has an absolute path", () => {
  expect(privilegeIssue("tool", 0o6755, "absolute")).toBeUndefined();
});
