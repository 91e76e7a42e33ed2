// A directory outside any store with whatever lies in it, the command line over it, and its programs started in a root that
// holds only a store.

import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { compile, helloSource } from "../../support/compiled/compile.ts";
import { type Ran, runInStore, type SandboxOptions, wrapBuddy } from "../../support/roots/sandbox.ts";
import { addGlibc, createStore } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** What the programs of such a tree print. */
export const hello: Ran = { stdout: "hello\n", stderr: "", exitCode: 0 };

export interface AwkwardTree {
  readonly root: string;
  at(name: string): string;
  /** A program at a path below the tree, of bytes where that is no text. Returns the program's bytes. */
  program(name: string | Buffer): Promise<Buffer>;
  /** Starts it, by a link of a plain name. */
  start(name: string | Buffer): Promise<Ran>;
  wrap(words: readonly string[], options?: SandboxOptions): Promise<Ran>;
  /** Another command of the command line. */
  command(words: readonly string[], options?: SandboxOptions): Promise<Ran>;
  /** Wraps the tree, which has to succeed; the reason of every file that is skipped, by its path below the tree. */
  wrapAndExplain(options?: SandboxOptions): Promise<Record<string, string>>;
  /** A text without the tree's own path. */
  shown(text: string): string;
}

export function createAwkwardTree(): AwkwardTree {
  const store = createStore();
  const { interpreter } = addGlibc(store);
  const root = join(temporaryDirectory(), "tree");
  mkdirSync(root);
  const wrap: AwkwardTree["wrap"] = (words, options) =>
    wrapBuddy(store, [...words, "--interpreter", interpreter], options);
  const shown = (text: string): string => text.replaceAll(root, "TREE");
  return {
    root,
    at: (name) => join(root, name),
    async program(name) {
      const path = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]);
      const bytes = readFileSync(await compile(join(temporaryDirectory(), "hello"), { files: helloSource }));
      writeFileSync(path, bytes);
      chmodSync(path, 0o755);
      return bytes;
    },
    start(name) {
      const links = temporaryDirectory();
      symlinkSync(Buffer.concat([Buffer.from("/tree/"), Buffer.from(name)]), join(links, "program"));
      const binds = [
        [root, "/tree"],
        [links, "/links"],
      ] as const;
      return runInStore(store, ["/links/program"], { binds });
    },
    wrap,
    command: (words, options) => wrapBuddy(store, words, options),
    async wrapAndExplain(options) {
      const ran = await wrap([root, "--json"], options);
      expect(ran).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining("error:") });
      const { files } = JSON.parse(ran.stdout) as { files: { path: string; kind: string; reason?: string }[] };
      const skipped = files.filter(({ kind }) => kind === "skipped");
      return Object.fromEntries(skipped.map(({ path, reason }) => [shown(path).replace("TREE/", ""), reason ?? ""]));
    },
    shown,
  };
}
