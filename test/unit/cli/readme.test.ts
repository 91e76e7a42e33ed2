import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commands } from "../../../src/cli/commands.ts";
import { optionsMarkdown } from "../../support/pages/options-table.ts";
import { runCommand } from "../../support/run-command.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";

const file = new URL("../../../src/cli/README.md", import.meta.url);
const readme = readFileSync(file, "utf8");

let store: SmallStore;
beforeEach(() => {
  store = createSmallStore();
});
afterEach(() => store.remove());

const tableOfOptions = "^\\| option \\|.*\\n(?:\\|.*\\n)*(?:\\nAs for wrap: .*\\n)?";

test("the page has every option of every command, with what it means and its default (npm run update:readme)", () => {
  const [{ options: described }] = commands;
  let updated = readme;
  for (const { name, options } of commands) {
    const table = optionsMarkdown(options, name === "wrap" ? {} : described);
    const section = new RegExp(`(^## ${name}\\n[^#]*?)${tableOfOptions}`, "m");
    expect(readme).toMatch(section);
    updated = updated.replace(section, (_, before: string) => before + table);
  }
  if (process.env["UPDATE_README"] !== undefined) writeFileSync(file, updated);
  expect(readFileSync(file, "utf8")).toBe(updated);
});

test("the page shows what inspect prints, except the sizes of the blobs", async () => {
  store.executable("tool/bin/tool", {
    needed: ["libtool.so.1", "libc.so.6"],
    runpath: "$ORIGIN/../lib",
    code: new Uint8Array(512),
  });
  store.library("tool/lib/libtool.so.1", { needed: ["libz.so.1", "libextra.so.2"] });
  store.library("zlib/lib/libz.so.1", { needed: ["libc.so.6"] });
  const io = { variables: { NIX_STORE: store.root } };
  const given = ["--interpreter", store.at("glibc/lib/ld-linux-x86-64.so.2"), "--libs", store.at("zlib")];
  const words = ["bin/tool", ...given, "--ignore-missing", "libextra.so.2"];
  expect(await runCommand("wrap", words, store.at("tool"), io)).toMatchObject({ code: 0 });
  const { code, stdout, stderr } = await runCommand("inspect", ["bin/tool"], store.at("tool"), io);
  expect(code).toBe(1);
  const shown = `$ wrap-buddy inspect bin/tool\n${stdout}${stderr}`
    .replaceAll(store.at("glibc"), "/nix/store/…-glibc-2.42")
    .replaceAll(store.at("zlib"), "/nix/store/…-zlib-1.3.1");
  expect(withoutSizes(readme)).toContain(withoutSizes(`\`\`\`\n${shown}\`\`\`\n`));
});

test("the page shows what verify prints", async () => {
  for (const name of ["other", "tool"]) store.executable(`bin/${name}`, { needed: ["libm.so.6", "libc.so.6"] });
  const words = ["bin", "--interpreter", store.at("glibc/lib/ld-linux-x86-64.so.2")];
  expect(await runCommand("wrap", words, store.root)).toMatchObject({ code: 0 });
  rmSync(store.at("bin/.tool.wrapbuddy"));
  const { code, stdout, stderr } = await runCommand("verify", ["bin"], store.root);
  expect(code).toBe(1);
  expect(readme).toContain(`\`\`\`\n$ wrap-buddy verify bin\n${stdout}${stderr}\`\`\`\n`);
});

function withoutSizes(text: string): string {
  return text.replaceAll(/\d+ bytes/g, "N bytes");
}
