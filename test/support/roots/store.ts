// A store of our own: a directory of this machine that programs in a sandbox (sandbox.ts) see as /nix/store, and
// nothing else of this machine. Its packages are copies of what Debian has installed.

import { chmodSync, copyFileSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { repository } from "../repository.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

export const storeDirectory = "/nix/store";

export interface Store {
  /** The directory that is /nix/store in a sandbox. */
  readonly directory: string;
}

export function createStore(): Store {
  const directory = join(temporaryDirectory(), "store");
  mkdirSync(directory);
  return { directory };
}

/** Where this machine keeps a path of the store. */
export function hostPath(store: Store, path: string): string {
  if (!path.startsWith(`${storeDirectory}/`)) throw new Error(`${path} is not in the store`);
  return join(store.directory, path.slice(storeDirectory.length));
}

/** A package's path: a fixed hash part, so that equal tests give equal bytes. */
export function packagePath(name: string): string {
  return `${storeDirectory}/0123456789abcdfghijklmnpqrsvwxyz-${name}`;
}

/** Copies files (symlinks followed) into a directory of a package, made when it is not there; the directory in the store. */
export function addFiles(store: Store, directory: string, files: readonly string[]): string {
  const target = hostPath(store, directory);
  mkdirSync(target, { recursive: true });
  for (const file of files) {
    const copy = join(target, basename(file));
    copyFileSync(file, copy);
    chmodSync(copy, statSync(file).mode & 0o777);
  }
  return directory;
}

/** A C library for an architecture, and how Debian ships it. */
interface CLibrary {
  readonly directory: string;
  readonly interpreter: string;
}

const cLibraries = {
  x86_64: { directory: "/lib/x86_64-linux-gnu", interpreter: "ld-linux-x86-64.so.2" },
  i386: { directory: "/usr/i686-linux-gnu/lib", interpreter: "ld-linux.so.2" },
  aarch64: { directory: "/usr/aarch64-linux-gnu/lib", interpreter: "ld-linux-aarch64.so.1" },
  arm: { directory: "/usr/arm-linux-gnueabihf/lib", interpreter: "ld-linux-armhf.so.3" },
  riscv64: { directory: "/usr/riscv64-linux-gnu/lib", interpreter: "ld-linux-riscv64-lp64d.so.1" },
  powerpc64le: { directory: "/usr/powerpc64le-linux-gnu/lib", interpreter: "ld64.so.2" },
  s390x: { directory: "/usr/s390x-linux-gnu/lib", interpreter: "ld64.so.1" },
  // Unpacked by debian-roots.sh.
  loongarch64: {
    directory: fileURLToPath(new URL("build/debian/loongarch64/usr/lib/loongarch64-linux-gnu", repository)),
    interpreter: "ld-linux-loongarch-lp64d.so.1",
  },
} as const satisfies { readonly [name: string]: CLibrary };

export type GlibcName = keyof typeof cLibraries;

/** The file name of an architecture's dynamic linker. */
export function interpreterName(architecture: GlibcName): string {
  return cLibraries[architecture].interpreter;
}

/** What belongs to glibc and is opened by name. */
const glibcFile =
  /^(ld(64|-.*)|lib(c|m|dl|rt|pthread|resolv|util|nsl|anl|mvec|BrokenLocale|thread_db|nss_\w+))\.so\.[0-9.]+$/;

export interface InstalledGlibc {
  /** …/lib */
  readonly directory: string;
  readonly interpreter: string;
}

/** glibc as a package of the store, in `package` (default …-glibc-ARCHITECTURE). */
export function addGlibc(
  store: Store,
  architecture: GlibcName = "x86_64",
  path = packagePath(`glibc-${architecture}`),
): InstalledGlibc {
  const { directory, interpreter } = cLibraries[architecture];
  const files = readdirSync(directory).filter((name) => glibcFile.test(name));
  if (!files.includes(interpreter)) throw new Error(`${directory}/${interpreter} is missing: run npm run setup`);
  const target = addFiles(
    store,
    `${path}/lib`,
    files.map((name) => join(directory, name)),
  );
  return { directory: target, interpreter: `${target}/${interpreter}` };
}

/** libgcc_s, libstdc++ and libatomic of this machine as a package; its lib directory. */
export function addGccLibraries(store: Store): string {
  const files = ["libgcc_s.so.1", "libstdc++.so.6", "libatomic.so.1"].map(
    (name) => `/usr/lib/x86_64-linux-gnu/${name}`,
  );
  return addFiles(store, `${packagePath("gcc-lib")}/lib`, files);
}
