// The smallest programs of the corpus: two of each compiler, as far as they are small. All of it is `npm run test:corpus`.

import { expect, test } from "vitest";
import { factsOf, workWrapped } from "../corpus/at-work/wrapped.ts";
import { corpus } from "../support/foreign/corpus.ts";

test.each(corpus.filter(({ isSmall }) => isSmall))("$name, $toolchain, $does when it is wrapped", async (entry) => {
  const { expected, ran } = await workWrapped(entry);
  expect(factsOf(ran), ran.stderr).toEqual(factsOf(expected));
});
