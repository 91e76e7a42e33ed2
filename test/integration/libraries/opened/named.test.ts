// Libraries that a program opens by a name which stands in its file and nowhere else: the hint, and whether it is true.

import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../../support/compiled/bundle.ts";
import { runInStore, wrapBuddy } from "../../../support/roots/sandbox.ts";

const udev = "/nix/store/udev/lib/libudev.so.1";

/** As Chromium does it: what is newer first, and the end where there is none. */
const opens = `
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
int found(void) {
  static const char *const names[] = { "libudev.so.1", "libudev.so.0" };
  void *library = dlopen(names[0], RTLD_NOW);
  if (!library) library = dlopen(names[1], RTLD_NOW);
  if (!library) abort();
  return ((int (*)(void))dlsym(library, "answer"))();
}`;
const asks = `${opens}\nint main(void) { printf("%d\\n", found()); return 0; }`;
/** The same with strings as Rust and Go have them: the next begins where one ends, and code knows how long each is. */
const asksUnended = asks.replaceAll(/dlopen\(names\[(\d)\]/g, "dlopen(string($1)").replace(
  /int found/,
  `#include <string.h>
char *string(int which) {
  static const char text[] = "Could not openlibudev.so.1libudev.so.0udev_newa formatting trait";
  return strndup(text + 14 + 12 * which, 12);
}
int found`,
);
const asksPlugIn = `
#include <dlfcn.h>
#include <stdio.h>
int main(int count, char **words) {
  void *plugin = dlopen(words[1], RTLD_NOW);
  return plugin ? printf("%d\\n", ((int (*)(void))dlsym(plugin, "found"))()), 0 : (puts(dlerror()), 1);
}`;

type Kind = "executable" | "plug-in" | "executable whose strings have no end";

/** The command that opens the library: by itself, or by a plug-in of its package. */
async function opening(kind: Kind, bundle: Bundle): Promise<readonly [string, ...string[]]> {
  await bundle.library(udev, { code: "int answer(void) { return 42; }" });
  if (kind !== "plug-in") {
    return [await bundle.executable("bin/tool", { code: kind === "executable" ? asks : asksUnended })];
  }
  const plugIn = await bundle.library("lib/plugin.so", { code: opens });
  return [await bundle.executable("bin/tool", { code: asksPlugIn }), plugIn];
}

describe.each(["executable", "plug-in", "executable whose strings have no end"] as const)(
  "a library that an %s opens by name",
  (kind) => {
    it("is asked about with -v and in JSON, and found where it is given as the help says", async () => {
      const bundle = createBundle();
      const command = await opening(kind, bundle);
      const named = kind === "plug-in" ? "lib/plugin.so" : "bin/tool";

      const quiet = await bundle.wrap();
      expect(quiet).toMatchObject({ exitCode: 0, stderr: "" });
      expect(quiet.stdout).not.toContain("libudev");
      const absent = await runInStore(bundle.store, command);
      expect([absent.stdout, absent.exitCode === 0]).toEqual(["", false]);

      const { stdout } = await bundle.wrap(["-v"]);
      expect(stdout).toContain(
        `wrap-buddy: note: ${bundle.root}/${named}: opens libudev.so.1 at run time? it would not be found\n`,
      );
      const { issues } = JSON.parse((await bundle.wrap(["--json"])).stdout);
      expect(issues).toEqual([
        {
          kind: "opened-by-name",
          severity: "note",
          executable: `${bundle.root}/bin/tool`,
          neededBy: `${bundle.root}/${named}`,
          alternatives: ["libudev.so.1"],
        },
      ]);

      const given = await bundle.wrap(["-v", "--runtime-dependencies", "/nix/store/udev"]);
      expect(given).toMatchObject({ exitCode: 0, stderr: "" });
      expect(given.stdout).not.toContain("at run time?");
      expect(await runInStore(bundle.store, command)).toMatchObject({ stdout: "42\n", exitCode: 0 });
      expect((await wrapBuddy(bundle.store, ["inspect", bundle.root])).stdout).toMatch(
        new RegExp(`opens while it runs:\n {4}libudev\\.so\\.1(?: or libudev\\.so\\.0)? +named +${udev}\n`),
      );
    });
  },
);

it("a library that may be missing is not asked about", async () => {
  const bundle = createBundle();
  await opening("executable", bundle);
  const ran = await bundle.wrap(["-v", "--ignore-missing", "libudev.so.*"]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ran.stdout).not.toContain("at run time?");
});
