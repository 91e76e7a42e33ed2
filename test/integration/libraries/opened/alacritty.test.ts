// A real program in Rust that opens libraries by name: alacritty of Debian, whose names stand in strings without an end.
// The hint names what the program ends without, and with that it comes further.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runInStore, wrapBuddy } from "../../../support/roots/sandbox.ts";
import { addFiles, addGlibc, createStore, packagePath } from "../../../support/roots/store.ts";

const root = fileURLToPath(new URL("../../../../build/debian/opened", import.meta.url));
if (!existsSync(join(root, ".packages"))) throw new Error(`${root} is missing: run npm run setup`);
const libraries = join(root, "usr/lib/x86_64-linux-gnu");

/** The libraries of Debian whose names `chosen` matches, as a package of the store. */
function packageOf(store: ReturnType<typeof createStore>, name: string, chosen: RegExp): string {
  const files = readdirSync(libraries).filter((file) => chosen.test(file));
  addFiles(
    store,
    `${packagePath(name)}/lib`,
    files.map((file) => join(libraries, file)),
  );
  return packagePath(name);
}

test("alacritty opens its window's libraries where the hint says that they are wanted", async () => {
  const store = createStore();
  const { interpreter } = addGlibc(store);
  const given = ["--interpreter", interpreter, "--libs"];
  const needed = packageOf(
    store,
    "needed",
    /^lib(xcb|Xau|Xdmcp|bsd|md|freetype|fontconfig|png16|z|brotli\w+|expat|gcc_s)\.so\.[0-9]+$/,
  );
  const windows = packageOf(store, "windows", /^lib(X11|X11-xcb|Xcursor|Xext|Xfixes|Xi|Xrandr|Xrender)\.so\.[0-9]+$/);
  const program = `${addFiles(store, `${packagePath("alacritty")}/bin`, [join(root, "usr/bin/alacritty")])}/alacritty`;
  const start = () => runInStore(store, [program], { environment: { DISPLAY: ":9" }, seconds: 60 });

  const control = await start();
  expect(control.stdout).toBe("");
  expect(control.stderr).toContain("No such file or directory");

  const wrapping = await wrapBuddy(store, [program, "-v", ...given, `${needed}/lib`]);
  expect(wrapping).toMatchObject({ exitCode: 0, stderr: "" });
  const named = [...wrapping.stdout.matchAll(/^ {2}(\S+): named in \S+, nixpkgs has it in (\S+?)(?:;|$)/gm)];
  expect(named.map(([, name, attribute]) => [name, attribute]).sort()).toEqual([
    ["libEGL.so.1", "libGL"],
    ["libGL.so.1", "libGL"],
    ["libX11-xcb.so.1", "xorg.libX11"],
    ["libX11.so.6", "xorg.libX11"],
    ["libXcursor.so.1", "xorg.libXcursor"],
    ["libXi.so.6", "xorg.libXi"],
    ["libXrandr.so.2", "xorg.libXrandr"],
    ["libXrender.so.1", "xorg.libXrender"],
    ["libwayland-client.so.0", "wayland"],
    ["libwayland-egl.so.1", "wayland"],
    ["libxkbcommon.so.0", "libxkbcommon"],
  ]);
  // What it says of the library that it does not find is its own matter.
  expect((await start()).stderr).toContain("X11 status: LibraryOpenError");

  await wrapBuddy(store, [program, ...given, `${needed}/lib`, "--runtime-dependencies", windows]);
  // Its libraries are there; a screen is not.
  expect((await start()).stderr).toContain("X11 status: XOpenDisplayFailed");
});
