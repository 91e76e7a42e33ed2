import { describe, expect, test } from "vitest";
import { plainPaint } from "../../../src/report/colour.ts";
import type { Message } from "../../../src/report/messages/message.ts";
import { renderShortened, shortenedList } from "../../../src/report/shortened.ts";

const setId = (name: string): Message => ({
  severity: "warning",
  headline: `bin/${name}: set-user-ID: it will refuse to start`,
  details: [],
  help: ["take the bit away"],
});

const missing = (count: number): Message => ({
  severity: "error",
  headline: `${count} libraries not found`,
  details: Array.from({ length: count }, (_, at) => [`lib${at}.so: needed by bin/tool`, "  found instead: x"]).flat(),
  help: ["add them"],
});

const range = (length: number): readonly string[] => Array.from({ length }, (_, at) => `${at}`);

const render = (messages: readonly Message[], limit: number) =>
  renderShortened(messages, limit, plainPaint, "cli").join("\n");

describe("messages of which there are few", () => {
  test("stand together with their help once, where they are alike", () => {
    expect(render([setId("a"), missing(1), setId("b")], 40)).toMatchInlineSnapshot(`
      "wrap-buddy: warning: bin/a: set-user-ID: it will refuse to start
      wrap-buddy: warning: bin/b: set-user-ID: it will refuse to start
        help: take the bit away
      wrap-buddy: error: 1 libraries not found
        lib0.so: needed by bin/tool
          found instead: x
        help: add them"
    `);
  });

  test("that say different things of two files stay apart", () => {
    const other = { ...setId("b"), help: ["another thing to do"] };
    expect(render([setId("a"), other], 40).match(/help:/g)).toHaveLength(2);
  });
});

describe("messages of which there are too many", () => {
  test("are shortened alike, with what is left out counted", () => {
    expect(render([...range(14).map(setId), missing(9)], 14)).toMatchInlineSnapshot(`
      "wrap-buddy: warning: bin/0: set-user-ID: it will refuse to start
      wrap-buddy: warning: bin/1: set-user-ID: it will refuse to start
        and 12 more like these
        help: take the bit away
      wrap-buddy: error: 9 libraries not found
        lib0.so: needed by bin/tool
          found instead: x
        lib1.so: needed by bin/tool
          found instead: x
        and 7 more
        help: add them
      wrap-buddy: not all of this is shown: -v has the rest"
    `);
  });

  test("of too many kinds leave out warnings before errors", () => {
    const warnings = range(9).map((name) => ({ ...setId(name), help: [`thing ${name}`] }));
    const lines = render([...warnings, missing(3)], 9);
    expect(lines).toContain("wrap-buddy: error: 3 libraries not found");
    expect(lines).toContain("wrap-buddy: and 8 other messages");
  });

  test.each([8, 12, 40])("never take more than %i lines", (limit) => {
    for (const count of [1, 5, 30, 1000]) {
      const kinds = range(count).map((name) => ({ ...setId(name), help: [`thing ${name}`] }));
      for (const messages of [range(count).map(setId), [missing(count)], kinds, [...kinds, missing(count)]]) {
        expect(renderShortened(messages, limit, plainPaint, "hook").length).toBeLessThanOrEqual(limit);
      }
    }
  });
});

test("a list that is too long ends with how many more there are", () => {
  expect(shortenedList(["a", "b", "c", "d"], 3, "files")).toEqual(["a", "b", "and 2 more files"]);
  expect(shortenedList(["a", "b", "c"], 3, "files")).toEqual(["a", "b", "c"]);
});
