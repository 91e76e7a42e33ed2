// A program of this machine, taken along in every way that people take programs along.

import { chmodSync, copyFileSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execaSync } from "execa";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath, packagePath, type Store } from "../../support/roots/store.ts";
import type { BundleWay } from "./results.ts";

/** What a way has made. */
export interface Taken {
  /** In the store. All that has to be taken along lies in it, except for "as installed". */
  readonly directory: string;
  /** What is started, below that. */
  readonly program: string;
  /** Files elsewhere that it cannot do without. */
  readonly outside: readonly string[];
}

const linker = "ld-linux-x86-64.so.2";

/** Its libraries and its dynamic linker, as ldd lists them. */
function librariesOf(program: string, libraryPath: string | undefined): readonly string[] {
  const env = libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath };
  const { stdout } = execaSync("ldd", [program], { env });
  return [...stdout.matchAll(/(?:=> |^\t)(\/\S+) \(/gm)].map(([, path = ""]) => path);
}

/** The script that is started: the kernel takes a dynamic linker by an absolute path only. */
function addScript(directory: string, name: string, command: string): void {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\nhere=$(readlink -f "$0")\nhere=\${here%/*}\nexec ${command} "$@"\n`);
  chmodSync(path, 0o755);
}

/** `lib` with the libraries, and the program in `bin`, whose name begins with a dot. Returns both as files to change. */
function copyInto(directory: string, program: string, libraries: readonly string[]) {
  for (const name of ["bin", "lib"]) mkdirSync(join(directory, name), { recursive: true });
  for (const path of libraries) copyFileSync(path, join(directory, "lib", basename(path)));
  chmodSync(join(directory, "lib", linker), 0o755);
  const copy = join(directory, "bin", `.${basename(program)}`);
  copyFileSync(program, copy);
  chmodSync(copy, 0o755);
  return { copy, libraries: libraries.map((path) => join(directory, "lib", basename(path))) };
}

const byLinker = (name: string, bin = "$here", lib = "$here/../lib") =>
  `"${lib}/${linker}" --library-path "${lib}" "${bin}/.${name}"`;

/** A directory of the store for one program in one way. */
function place(store: Store, program: string, way: string): { readonly directory: string; readonly host: string } {
  const directory = packagePath(`${basename(program)}-${way.replaceAll(" ", "-")}`);
  mkdirSync(hostPath(store, directory), { recursive: true });
  return { directory, host: hostPath(store, directory) };
}

type Make = (store: Store, program: string, libraryPath: string | undefined) => Promise<Taken>;

const make: { readonly [way in BundleWay]: Make } = {
  async "as installed"(store, program, libraryPath) {
    const { directory, host } = place(store, program, "installed");
    mkdirSync(join(host, "bin"));
    copyFileSync(program, join(host, "bin", basename(program)));
    return { directory, program: `bin/${basename(program)}`, outside: librariesOf(program, libraryPath) };
  },
  async "wrap-buddy bundle"(store, program, libraryPath) {
    const directory = packagePath(`${basename(program)}-bundle`);
    const libraries = libraryPath === undefined ? [] : ["--libs", libraryPath];
    const ran = await wrapBuddy(store, ["bundle", program, ...libraries, "--output", directory], { seconds: 120 });
    if (ran.exitCode !== 0) throw new Error(ran.stderr);
    return { directory, program: `bin/${basename(program)}`, outside: [] };
  },
  async patchelf(store, program, libraryPath) {
    const { directory, host } = place(store, program, "patchelf");
    const { copy, libraries } = copyInto(host, program, librariesOf(program, libraryPath));
    execaSync("patchelf", ["--set-rpath", "$ORIGIN/../lib", copy]);
    for (const library of libraries) {
      if (basename(library) !== linker) execaSync("patchelf", ["--set-rpath", "$ORIGIN", library]);
    }
    const name = basename(program);
    addScript(join(host, "bin"), name, `"$here/../lib/${linker}" "$here/.${name}"`);
    return { directory, program: `bin/${name}`, outside: [] };
  },
  async "by hand"(store, program, libraryPath) {
    const { directory, host } = place(store, program, "by hand");
    copyInto(host, program, librariesOf(program, libraryPath));
    addScript(join(host, "bin"), basename(program), byLinker(basename(program)));
    return { directory, program: `bin/${basename(program)}`, outside: [] };
  },
  // As a package of Nix's: its paths begin with /nix, which proot shows it. proot is taken along by hand.
  async proot(store, program, libraryPath) {
    const { directory, host } = place(store, program, "proot");
    const name = basename(program);
    const inside = packagePath(name);
    copyInto(join(host, "proot"), "/usr/bin/proot", librariesOf("/usr/bin/proot", undefined));
    const { copy } = copyInto(join(host, inside), program, librariesOf(program, libraryPath));
    execaSync("patchelf", ["--set-interpreter", `${inside}/lib/${linker}`, "--set-rpath", `${inside}/lib`, copy]);
    cpSync(copy, join(host, inside, "bin", name));
    execaSync("rm", [copy]);
    mkdirSync(join(host, "bin"));
    const proot = byLinker("proot", "$here/../proot/bin", "$here/../proot/lib");
    addScript(join(host, "bin"), name, `${proot} -b "$here/../nix:/nix" ${inside}/bin/${name}`);
    return { directory, program: `bin/${name}`, outside: [] };
  },
};

/** `libraryPath`: where libraries lie that this machine does not search. */
export function takeAlong(way: BundleWay, store: Store, program: string, libraryPath?: string): Promise<Taken> {
  return make[way](store, program, libraryPath);
}

/** Bytes of all that has to be taken along. */
export function bytesOf(store: Store, { directory, outside }: Taken): number {
  const all = [hostPath(store, directory), ...outside];
  const { stdout } = execaSync("du", ["-cbL", ...all.flatMap(filesBelow)]);
  return Number(stdout.trim().split("\n").at(-1)?.split("\t")[0]);
}

/** Regular files; links are no copies. */
export function filesBelow(path: string): readonly string[] {
  const { stdout } = execaSync("find", ["-H", path, "-type", "f"]);
  return stdout.split("\n").filter((line) => line !== "");
}
