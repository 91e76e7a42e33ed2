import { expect, test } from "vitest";
import { orderProblems } from "../../support/writing/disk-order.ts";

const good = [
  "fsync(3</tree/.tool.wrapbuddy~>) = 0",
  "fsync(3</tree/.tool.wrapbuddy+>) = 0",
  'rename("/tree/.tool.wrapbuddy~", "/tree/.tool.wrapbuddy") = 0',
  "fsync(3</tree>) = 0",
  'rename("/tree/.tool.wrapbuddy+", "/tree/tool") = 0',
  "fsync(3</tree>) = 0",
  'unlink("/tree/.old.wrapbuddy") = 0',
];

test("a sidecar, its name, an executable, its name, and what is not needed any more is an order", () => {
  expect(orderProblems(good)).toEqual([]);
});

test("none of these can be left out", () => {
  const without = (index: number): number => orderProblems(good.filter((_, at) => at !== index)).length;
  expect([0, 1, 3, 5].map(without)).toEqual([1, 1, 1, 1]);
});
