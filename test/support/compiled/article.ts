// The article's example: main, libfoo and libbar, each library in a directory of its own, the interpreter that no
// NixOS has.

import { readFileSync } from "node:fs";
import { repository } from "../repository.ts";
import { addFiles, addGlibc, createStore, hostPath, packagePath, type Store } from "../roots/store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { compile } from "./compile.ts";

export const articleOutput = "Starting C application...\nHello from libfoo!\nHello from libbar!\n";

export interface Article {
  readonly store: Store;
  readonly main: string;
  readonly interpreter: string;
  readonly glibc: string;
  readonly libfoo: string;
  readonly libbar: string;
}

/** Builds the example into a new store; the paths are those in the store. */
export async function buildArticle(): Promise<Article> {
  const store = createStore();
  // The article's own path of 82 bytes.
  const glibc = addGlibc(store, "x86_64", "/nix/store/57iz36553175g3178pvxjij8z5rcsd4n-glibc-2.42-61");
  const build = temporaryDirectory();
  const source = (name: string) => readFileSync(new URL(`test/fixtures/article/${name}`, repository), "utf8");
  const library = (name: string) =>
    compile(`${build}/lib${name}.so`, {
      files: { [`${name}.c`]: source(`${name}.c`) },
      flags: ["-O2", "-shared", "-fPIC", `-Wl,-soname,lib${name}.so`],
    });
  const [libfoo, libbar] = [await library("foo"), await library("bar")];
  const main = await compile(`${build}/main`, {
    files: { "main.c": source("main.c") },
    flags: ["-O2", "-Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2"],
    libraries: [libfoo, libbar],
    key: "article",
  });
  return {
    store,
    glibc: glibc.directory,
    interpreter: glibc.interpreter,
    libfoo: addFiles(store, `${packagePath("libfoo")}/lib`, [libfoo]),
    libbar: addFiles(store, `${packagePath("libbar")}/lib`, [libbar]),
    main: `${addFiles(store, `${packagePath("article")}/bin`, [main])}/main`,
  };
}

/** The file on this machine behind a path in the example's store. */
export function fileOf(article: Article, path: string): string {
  return hostPath(article.store, path);
}
