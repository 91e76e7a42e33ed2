// The main job, shown: the article's example and one real executable, each in a root directory that has no /lib, /lib64
// and /usr, before and after. Ends with an error when anything is not as claimed.

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { articleOutput, buildArticle } from "../support/compiled/article.ts";
import { failsToStart } from "../support/compiled/program.ts";
import { type Ran, runInStore, wrapBuddy } from "../support/roots/sandbox.ts";
import { addFiles, addGccLibraries, addGlibc, createStore, packagePath, type Store } from "../support/roots/store.ts";
import { removeTemporaryDirectories } from "../support/temporary-directory.ts";

function say(text: string): void {
  console.log(`\n── ${text}`);
}

function show(command: string, ran: Ran): void {
  console.log(`$ ${command}`);
  process.stdout.write(ran.stdout + ran.stderr);
  if (ran.exitCode !== 0) console.log(`(exit status ${ran.exitCode})`);
}

/** A program of the store in a root that holds only the store, shown. */
async function start(store: Store, program: string, ...args: readonly string[]): Promise<Ran> {
  const ran = await runInStore(store, [program, ...args]);
  show([program, ...args].join(" "), ran);
  return ran;
}

async function wrap(store: Store, args: readonly string[]): Promise<void> {
  const ran = await wrapBuddy(store, args);
  show(`wrap-buddy ${args.join(" ")}`, ran);
  assert.equal(ran.exitCode, 0);
}

async function showArticle(): Promise<void> {
  say("The article's example: main needs libfoo.so, libbar.so and /lib64/ld-linux-x86-64.so.2.");
  say("In a root that holds only a store it does not start:");
  const article = await buildArticle();
  assert.ok(failsToStart(await start(article.store, article.main)));
  say("Wrapped:");
  const { libfoo, libbar, interpreter } = article;
  await wrap(article.store, ["--paths", article.main, "--libs", libfoo, libbar, "--interpreter", interpreter]);
  say("Now it does:");
  const ran = await start(article.store, article.main);
  assert.deepEqual(ran, { stdout: articleOutput, stderr: "", exitCode: 0 });
}

async function showRealExecutable(): Promise<void> {
  say("A real one: lightningcss, built by its vendor for other distributions, from an npm package.");
  const store = createStore();
  const glibc = addGlibc(store);
  const gcc = addGccLibraries(store);
  const file = fileURLToPath(
    new URL("../../node_modules/lightningcss-cli-linux-x64-gnu/lightningcss", import.meta.url),
  );
  const program = `${addFiles(store, `${packagePath("lightningcss")}/bin`, [file])}/lightningcss`;
  const style = addFiles(store, `${packagePath("style")}`, [
    fileURLToPath(new URL("../../test/demo/style.css", import.meta.url)),
  ]);
  say("In that root it does not start:");
  assert.ok(failsToStart(await start(store, program, "--version")));
  say("Wrapped:");
  await wrap(store, [program, "--libs", gcc, "--interpreter", glibc.interpreter]);
  say("Now it minifies a stylesheet:");
  const ran = await start(store, program, "--minify", `${style}/style.css`);
  assert.equal(ran.exitCode, 0);
  assert.equal(ran.stdout.trim(), ".a,.b{color:red;margin:1px 2px}");
}

try {
  await showArticle();
  await showRealExecutable();
  say("All as claimed.");
} finally {
  removeTemporaryDirectories();
}
