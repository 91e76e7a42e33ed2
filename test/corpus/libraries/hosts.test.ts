// Every library and plug-in of the packages that the corpus uses, opened by programs that nobody wrapped, as they are and
// with their run paths in place; and the way back.

import { createHash } from "node:crypto";
import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { debianRoot } from "../../support/compiled/machines.ts";
import { fetchPackage, parcelWatcher, postgres } from "../../support/foreign/corpus.ts";
import { addNixosGlibc } from "../../support/roots/nixos-glibc.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { addGccLibraries, createStore, hostPath, packagePath } from "../../support/roots/store.ts";
import { type Host, javaHost, nodeHost, type Opened, type Place, pythonHost, smallHost } from "./library-hosts.ts";

const tree = packagePath("libraries");

interface Libraries extends Place {
  /** Their paths in the store. */
  readonly paths: readonly string[];
}

/** A store with the libraries that `fill` puts into a directory. */
function librariesOf(fill: (directory: string) => void): Libraries {
  const store = createStore();
  const glibc = addNixosGlibc(store, "aa_AR.utf8");
  const directory = hostPath(store, tree);
  mkdirSync(directory);
  fill(directory);
  const found = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.so(\.|$)|\.node$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));
  const paths = found.filter(isElf).map((path) => tree + path.slice(directory.length));
  return { store, glibc, paths: paths.sort() };
}

function isElf(path: string): boolean {
  const bytes = Buffer.alloc(4);
  const descriptor = openSync(path, "r");
  readSync(descriptor, bytes);
  closeSync(descriptor);
  return bytes.readUInt32BE() === 0x7f454c46;
}

/** What Debian's programs load, without the C library, which is the store's. */
const debian = (): Libraries =>
  librariesOf((directory) => {
    const root = `${debianRoot("x86_64", "debian-all")}/usr/lib`;
    cpSync(root, join(directory, "lib"), { recursive: true, verbatimSymlinks: true });
    const { store, glibc } = librariesOf(() => {});
    const own = readdirSync(hostPath(store, glibc.directory), { withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const { name } of own) rmSync(join(directory, "lib/x86_64-linux-gnu", name), { force: true });
  });

async function postgresLibraries(): Promise<Libraries> {
  const from = await fetchPackage(postgres);
  return librariesOf((directory) => {
    cpSync(join(from, "native/lib"), join(directory, "native/lib"), { recursive: true });
    const links = JSON.parse(readFileSync(join(from, "native/pg-symlinks.json"), "utf8"));
    for (const { source, target } of links as readonly { readonly source: string; readonly target: string }[]) {
      if (target.startsWith("native/lib/")) symlinkSync(basename(source), join(directory, target));
    }
  });
}

async function addons(): Promise<Libraries> {
  const require = createRequire(import.meta.url);
  const files = [
    join(await fetchPackage(parcelWatcher), "watcher.node"),
    require.resolve("lightningcss-linux-x64-gnu/lightningcss.linux-x64-gnu.node"),
    require.resolve("@rolldown/binding-linux-x64-gnu/rolldown-binding.linux-x64-gnu.node"),
  ];
  return librariesOf((directory) => {
    for (const file of files) cpSync(file, join(directory, basename(file)));
  });
}

/** Those of which nothing is missing: opened, or only a symbol of its own host is not there. */
function complete(opened: Opened): readonly string[] {
  const entries = [...opened].filter(([, said]) => said === "opened" || said.includes("undefined symbol"));
  return entries.map(([path]) => path);
}

function hashes({ store, paths }: Libraries): readonly string[] {
  return paths.map((path) =>
    createHash("sha256")
      .update(readFileSync(hostPath(store, path)))
      .digest("hex"),
  );
}

/** Opens them as they are, in place, and restored. */
async function openBeforeAndAfter(libraries: Libraries, host: Host, paths: readonly string[] = libraries.paths) {
  const { store, glibc } = libraries;
  const originals = hashes(libraries);
  const before = complete(await host(paths));
  const given = ["--libraries", "in-place", "--interpreter", glibc.interpreter, "--libs", addGccLibraries(store)];
  const wrapped = await wrapBuddy(store, ["--paths", tree, ...given, "--ignore-missing", ...missing], { seconds: 120 });
  expect([wrapped.exitCode, wrapped.stderr]).toEqual([0, ""]);
  const opened = await host(paths);
  const after = complete(opened);
  expect((await wrapBuddy(store, ["verify", tree, "--ignore-missing", ...missing])).exitCode).toBe(0);
  expect((await wrapBuddy(store, ["unwrap", tree])).exitCode).toBe(0);
  expect(hashes(libraries)).toEqual(originals);
  expect(complete(await host(paths))).toEqual(before);
  console.info(`${paths.length} libraries: ${before.length} before, ${after.length} in place`);
  const others = [...opened].filter(([path]) => !after.includes(path)).map(([, said]) => said);
  return { before, after, others };
}

/** What PostgreSQL's languages need, of versions that are long gone. */
const missing = ["libperl.so.5.26", "libpython3.6m.so.1.0", "libtcl8.6.so"];

describe("with their run paths in place, all libraries find what they need:", () => {
  it("those of Debian's programs, in a small program", async () => {
    const libraries = debian();
    const { before, after } = await openBeforeAndAfter(libraries, await smallHost(libraries));
    expect(before.length).toBeLessThan(after.length);
    expect(after).toEqual(libraries.paths);
  });

  it("python's extensions, in python", async () => {
    const libraries = debian();
    const extensions = libraries.paths.filter((path) => path.includes("/lib-dynload/"));
    const { before, after } = await openBeforeAndAfter(libraries, pythonHost(libraries, tree), extensions);
    expect(before.length).toBeLessThan(after.length);
    expect(after).toEqual(extensions);
  });

  it("those that no directory of plug-ins holds, in java", async () => {
    const libraries = debian();
    const shared = libraries.paths.filter((path) => /\/lib\/x86_64-linux-gnu\/[^/]+$/.test(path));
    const { before, after } = await openBeforeAndAfter(libraries, javaHost(libraries), shared);
    expect(before.length).toBeLessThan(after.length);
    expect(after).toEqual(shared);
  });

  it("PostgreSQL's, in a small program, except for those of languages that nothing has", async () => {
    const libraries = await postgresLibraries();
    const { before, after, others } = await openBeforeAndAfter(libraries, await smallHost(libraries));
    expect(before.length).toBeLessThan(after.length);
    expect(after.length + others.length).toBe(libraries.paths.length);
    for (const said of others) expect(said).toMatch(/lib(perl|python3|tcl)\S+: cannot open shared object file/);
  });

  it("addons, in a small program and in node, which has what they need", async () => {
    const libraries = await addons();
    const { before, after } = await openBeforeAndAfter(libraries, await smallHost(libraries));
    expect(before.length).toBeLessThan(after.length);
    expect(after).toEqual(libraries.paths);
    const inNode = await openBeforeAndAfter(libraries, await nodeHost(libraries));
    expect(inNode.after).toEqual(libraries.paths);
  });
});
