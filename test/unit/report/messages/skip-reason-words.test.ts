import { expect, test } from "vitest";
import type { SkipReason } from "../../../../src/files/kind/skip-reason.ts";
import {
  countSkipped,
  describeSkipReason,
  helpForSkipReason,
} from "../../../../src/report/messages/skip-reason-words.ts";

test("a UPX-packed file says what to run", () => {
  expect(helpForSkipReason("upx-packed", "cli")).toBe("unpack it first with upx -d");
});

test("an AppImage says which nixpkgs functions unpack it", () => {
  expect(helpForSkipReason("appimage", "hook")).toContain("appimageTools");
});

test("what the reason was read off follows it in brackets", () => {
  expect(describeSkipReason("other-machine", "mips")).toMatch(/ \(mips\)$/);
});

test("what stands in the file cannot forge a line, or change the terminal", () => {
  expect(describeSkipReason("already-nix", "/nix/store/x\n\u001b[2J")).toMatch(/ \(\/nix\/store\/x\\n\\x1b\[2J\)$/);
});

test("one shared library is counted in the singular, two in the plural", () => {
  const counts = [1, 2].map((count) => countSkipped("shared-library", count));
  expect(counts).toEqual(["1 shared library", "2 shared libraries"]);
});

test("a missing dynamic linker is asked for by the option or by the attribute", () => {
  const reason: SkipReason = "no-interpreter-for-it";
  expect([helpForSkipReason(reason, "cli"), helpForSkipReason(reason, "hook")]).toMatchInlineSnapshot(`
    [
      "give a dynamic linker for it with --interpreter",
      "give a dynamic linker for it with wrapBuddyInterpreters",
    ]
  `);
});
