// The main job, shown: what `npm run demo` starts after it has set up and built, as `npm test` has by now.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import * as z from "zod";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

test("npm run demo shows two programs that do not start, wraps them, and they do their work", async () => {
  const { scripts } = z
    .object({ scripts: z.object({ demo: z.string() }) })
    .parse(JSON.parse(readFileSync(`${repository}package.json`, "utf8")));
  const before = "npm run setup:packages && npm run build && ";
  expect(scripts.demo).toContain(before);
  const { stdout } = await execa("sh", ["-c", scripts.demo.replace(before, "")], {
    cwd: repository,
    preferLocal: true,
    localDir: repository,
  });
  expect(stdout.match(/No such file or directory/g)).toHaveLength(2);
  expect(stdout).toMatch(/\n── All as claimed\.$/);
});
