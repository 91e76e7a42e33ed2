import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { commands, exitStatuses } from "../../../../src/cli/commands.ts";
import { signatureParts } from "../../../../src/cli/texts/help.ts";
import { manPage } from "../../../../src/cli/texts/man-page.ts";

const page = manPage(commands, exitStatuses, "1.2.3");

test("mandoc finds nothing wrong with the man page", () => {
  const { stdout, status } = spawnSync("mandoc", ["-T", "lint", "-W", "warning"], { input: page, encoding: "utf8" });
  expect([stdout, status]).toEqual(["", 0]);
});

test("the man page, as it is shown, has every command, option, exit status and example", () => {
  const shown = execFileSync("mandoc", ["-T", "utf8", "-O", "width=100"], { input: page, encoding: "utf8" });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bold and underlined characters are overstruck
  const text = shown.replaceAll(/.\x08/g, "").replaceAll(/\s+/g, " ");
  const names = commands.flatMap(({ name, options }) => [
    name,
    ...Object.entries(options).flatMap(([option, spec]) => signatureParts(option, spec).names),
  ]);
  const examples = commands.flatMap(({ examples: some }) =>
    some.map(({ words }) => `wrap-buddy ${words.replace("…", " ...")}`),
  );
  const statuses = exitStatuses.map(([code, meaning]) => `${code} ${meaning}`);
  expect([...names, ...examples, ...statuses].filter((one) => !text.includes(one))).toEqual([]);
});
