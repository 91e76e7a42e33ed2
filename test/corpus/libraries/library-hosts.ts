// Programs that open libraries and that nobody has wrapped, as Nix builds them: each finds the C library and what it needs
// itself, in a root that holds only the store.

import { copyFileSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { execaSync } from "execa";
import { compile } from "../../support/compiled/compile.ts";
import { debianRoot } from "../../support/compiled/machines.ts";
import { corpusFile } from "../../support/foreign/corpus.ts";
import { runInStore } from "../../support/roots/sandbox.ts";
import {
  addFiles,
  addGccLibraries,
  hostPath,
  type InstalledGlibc,
  packagePath,
  type Store,
} from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** What became of each library, by its path in the store: "opened", or what the host says. */
export type Opened = ReadonlyMap<string, string>;
export type Host = (paths: readonly string[]) => Promise<Opened>;

export interface Place {
  readonly store: Store;
  readonly glibc: InstalledGlibc;
}

/** Lines of a path, a tab and what became of it. */
function openedIn(text: string): Opened {
  const lines = text.split("\n").filter((line) => line.includes("\t"));
  return new Map(lines.map((line) => line.split("\t") as [string, string]));
}

const opensEach = `
#include <dlfcn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  char path[4096];
  while (scanf("%4095[^\\n]%*c", path) == 1) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
      void *library = dlopen(path, RTLD_LAZY);
      printf("%s\\t%s\\n", path, library ? "opened" : dlerror());
      fflush(stdout);
      _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) printf("%s\\tsignal %d\\n", path, WTERMSIG(status));
    /* The dynamic linker ends the process where an initialiser calls what the host does not have. */
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) printf("%s\\tundefined symbol\\n", path);
  }
}`;

/** A program that opens each library in a process of its own. */
export async function smallHost({ store, glibc }: Place): Promise<Host> {
  const made = await compile(join(temporaryDirectory(), "host"), {
    files: { "host.c": opensEach },
    flags: ["-O2", `-Wl,--dynamic-linker=${glibc.interpreter},-rpath,${glibc.directory}`],
  });
  const host = `${addFiles(store, `${packagePath("host")}/bin`, [made])}/host`;
  return async (paths) => openedIn((await runInStore(store, [host], { input: `${paths.join("\n")}\n` })).stdout);
}

/** A copy of a program with the dynamic linker of the store; its libraries find there what it finds, if `inherited`. */
function patched(
  { store, glibc }: Place,
  path: string,
  file: string,
  libraries: readonly string[],
  inherited = false,
): string {
  const target = hostPath(store, path);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(file, target);
  const own = addFiles(store, `${packagePath(`${basename(path)}-libraries`)}/lib`, libraries);
  const runPath = ["$ORIGIN/../lib", own, glibc.directory].join(":");
  const kind = inherited ? ["--force-rpath"] : [];
  execaSync("patchelf", ["--set-interpreter", glibc.interpreter, ...kind, "--set-rpath", runPath, target]);
  return path;
}

/** Debian's python3, which imports extensions; `home` is where its own modules are. */
export function pythonHost(place: Place, home: string): Host {
  const root = `${debianRoot("x86_64", "debian-all")}/usr`;
  const libraries = ["libz.so.1", "libexpat.so.1"].map((name) => `${root}/lib/x86_64-linux-gnu/${name}`);
  const python = patched(place, `${packagePath("python")}/bin/python3`, `${root}/bin/python3.11`, libraries);
  const script = `
import importlib.util, sys
for path in sys.argv[1:]:
    try:
        specification = importlib.util.spec_from_file_location(path.split("/")[-1].split(".")[0], path)
        specification.loader.exec_module(importlib.util.module_from_spec(specification))
        print(path, "opened", sep="\\t")
    except Exception as error:
        print(path, str(error).split("\\n")[0], sep="\\t")
`;
  const environment = { PYTHONHOME: home, PYTHONDONTWRITEBYTECODE: "1" };
  return async (paths) =>
    openedIn((await runInStore(place.store, [python, "-c", script, ...paths], { environment })).stdout);
}

/** node of the corpus, with the compiler's libraries. */
export async function nodeProgram(place: Place): Promise<string> {
  const gcc = hostPath(place.store, addGccLibraries(place.store));
  const libraries = readdirSync(gcc).map((name) => join(gcc, name));
  return patched(place, `${packagePath("node")}/bin/node`, await corpusFile("node"), libraries);
}

/** node, which loads addons. */
export async function nodeHost(place: Place): Promise<Host> {
  const node = await nodeProgram(place);
  const script = `
    for (const path of process.argv.slice(1)) {
      try { process.dlopen({ exports: {} }, path); console.log(path + "\\topened"); }
      catch (error) { console.log(path + "\\t" + error.message.split("\\n")[0]); }
    }`;
  return async (paths) => openedIn((await runInStore(place.store, [node, "-e", script, ...paths])).stdout);
}

/** java of this machine in the store, which loads JNI libraries; its own libraries find theirs by inheritance. */
export function javaHost(place: Place): Host {
  const home = dirname(dirname(realpathSync("/usr/bin/java")));
  const jdk = packagePath("jdk");
  const libraries = ["libz.so.1", "libgcc_s.so.1", "libstdc++.so.6"].map((name) => `/usr/lib/x86_64-linux-gnu/${name}`);
  const java = patched(place, `${jdk}/bin/java`, join(home, "bin/java"), libraries, true);
  const source = join(temporaryDirectory(), "Host.java");
  writeFileSync(
    source,
    `public class Host {
      public static void main(String[] paths) {
        for (String path : paths) {
          try { System.load(path); System.out.println(path + "\\topened"); }
          catch (UnsatisfiedLinkError error) { System.out.println(path + "\\t" + error.getMessage().split("\\n")[0]); }
        }
      }
    }`,
  );
  const binds = [
    [join(home, "lib"), `${jdk}/lib`],
    ["/etc/java-17-openjdk", "/etc/java-17-openjdk"],
    [join(home, "conf"), `${jdk}/conf`],
    [source, "/Host.java"],
  ] as const;
  return async (paths) =>
    openedIn((await runInStore(place.store, [java, "/Host.java", ...paths], { binds, seconds: 120 })).stdout);
}
