// Compiled locales in a bundle: programs are told of a directory of them, and of an archive.

import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { makeBundle, runBundled } from "../../support/roots/bundled-root.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

it("an archive of locales is named by LOCALE_ARCHIVE, with the locale in it, unless that is set", async () => {
  const top = temporaryDirectory();
  const locales = join(top, "usr/lib/locale");
  mkdirSync(locales, { recursive: true });
  cpSync("/usr/lib/locale/C.utf8", join(top, "xx_XX.utf8"), { recursive: true });
  await execa("localedef", ["--prefix", top, "--add-to-archive", join(top, "xx_XX.utf8")]);
  const bundle = await makeBundle(["/usr/bin/printenv", "/usr/bin/localedef", locales]);
  const archive = async (environment = {}) => {
    const { stdout } = await runBundled(bundle, ["printenv", "LOCALE_ARCHIVE"], { environment });
    return stdout.trimEnd();
  };
  expect(await archive()).toBe(`/bundle/bin/../root${locales}/locale-archive`);
  expect(await archive({ LOCALE_ARCHIVE: "/other" })).toBe("/other");
  // Debian's localedef takes the archive of a prefix, nixpkgs' glibc the one of the variable.
  const listed = await runBundled(bundle, ["localedef", "--list-archive", "--prefix", `/bundle/root${top}`]);
  expect(listed).toMatchObject({ stdout: "xx_XX.utf8\n", exitCode: 0 });
});
