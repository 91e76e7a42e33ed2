// glibc as nixpkgs configures it: the plug-ins and locales that it opens by itself are those of its own package, and its
// dynamic linker searches that by default. Debian's, with paths written over those that it was built with.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { temporaryDirectory } from "../temporary-directory.ts";
import { addFiles, addGlibc, hostPath, type InstalledGlibc, type Store } from "./store.ts";

const ownPackage = "/nix/store/glibc6";
const debianLibraries = "/lib/x86_64-linux-gnu";

/** Paths that the files of Debian's libc6 have built in, as long as these or longer. */
const paths = {
  "ld-linux-x86-64.so.2": [["/lib/x86_64-linux-gnu/", `${ownPackage}/lib/`]],
  "libc.so.6": [
    ["/usr/lib/x86_64-linux-gnu/gconv\0", `${ownPackage}/lib/gconv\0`],
    ["/usr/lib/x86_64-linux-gnu/gconv/gconv-modules.cache\0", `${ownPackage}/lib/gconv/no-cache\0`],
    ["/usr/lib/locale/locale-archive\0", "/nix/store/l/locale-archive\0"],
  ],
} as const;

/** With what its own conversions and pthread_exit open; `locale`, in an archive, is one that no glibc has built in. */
export function addNixosGlibc(store: Store, locale: string): InstalledGlibc {
  const glibc = addGlibc(store, "x86_64", ownPackage);
  for (const [name, changes] of Object.entries(paths)) {
    const file = hostPath(store, `${glibc.directory}/${name}`);
    const bytes = readFileSync(file);
    for (const [before, after] of changes) {
      if (after.length > before.length || !bytes.includes(before)) throw new Error(`${name} has no place for ${after}`);
      for (let at = bytes.indexOf(before); at !== -1; at = bytes.indexOf(before, at + 1)) {
        bytes.fill(0, at, at + before.length).write(after, at);
      }
    }
    writeFileSync(file, bytes);
  }
  addFiles(store, glibc.directory, [`${debianLibraries}/libgcc_s.so.1`]);
  const conversions = hostPath(store, `${glibc.directory}/gconv`);
  cpSync(`/usr${debianLibraries}/gconv`, conversions, { recursive: true });
  addArchive(store, locale);
  return glibc;
}

/** The C locale under another name, in the archive that the C library looks for. */
function addArchive(store: Store, locale: string): void {
  const directory = temporaryDirectory();
  cpSync("/usr/lib/locale/C.utf8", join(directory, locale), { recursive: true });
  mkdirSync(join(directory, "usr/lib/locale"), { recursive: true });
  execaSync("localedef", ["--prefix", directory, "--add-to-archive", join(directory, locale)]);
  addFiles(store, "/nix/store/l", [join(directory, "usr/lib/locale/locale-archive")]);
}
