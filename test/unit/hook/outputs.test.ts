import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { wrappableOutputs } from "../../../src/hook/outputs.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test("outputs that are there are wrapped, out first, debug and missing ones not", () => {
  const root = temporaryDirectory();
  for (const name of ["out", "lib", "dev", "debug"]) mkdirSync(join(root, name));
  const pairs = ["lib", "debug", "dev", "man", "out"].flatMap((name) => [name, join(root, name)]);
  expect(wrappableOutputs(pairs)).toEqual(
    ["out", "dev", "lib"].map((name) => ({ shownAs: name, directory: join(root, name) })),
  );
});
