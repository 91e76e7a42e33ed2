// Other tools change headers (elfedit, prelink, execstack). Each field of the file header and of every program header is
// changed in a wrapped executable and in the original: where that one starts all the same and the wrapped one does not,
// the fault is ours, and verifying has to say no.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { verify } from "../../../src/commands/verify/verify.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import type { Form } from "../../../src/planning/wrap-request.ts";
import { helloSource } from "../../support/compiled/compile.ts";
import { buildProgram } from "../../support/compiled/program.ts";
import { mapElf } from "../../support/elf/elf-fields.ts";
import { changed, changesOf, isHeaderField } from "../../support/elf/header-changes.ts";
import { runEach, type Start } from "../../support/roots/run-each.ts";
import { hostPath } from "../../support/roots/store.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";
import { overwriteFile } from "../../support/writing/overwrite-file.ts";

const forms = ["stub", "in-place"] as const satisfies readonly Form[];

/** Where the original finds its dynamic linker. */
const machine = { binds: ["/lib", "/lib64", "/usr/lib"].map((path) => [path, path] as const) };

const says = ({ end, number, output }: Start): boolean => end === "exit" && number === 0 && output === "hello\n";

it("of an executable that starts no more, and would have as the original, nothing is called fine", async () => {
  const { store, glibc, path } = await buildProgram({ files: helloSource });
  const file = hostPath(store, path);
  const original = readFileSync(file);
  const changes = mapElf(original).fields.filter(isHeaderField).flatMap(changesOf);
  // As on this machine: verifying looks there.
  const startEach = async (bytes: Uint8Array, options = {}) => {
    const files = changes.map((change) => changed(bytes, change));
    return (await runEach({ store, path }, path, files, { storeAt: store.directory, ...options })).map(says);
  };
  const originals = await startEach(original, machine);
  for (const form of forms) {
    overwriteFile(file, original);
    const request = { interpreters: [hostPath(store, glibc.interpreter)], form, storeDirectory: store.directory };
    expect(run(wrapRequestOf([file], request)).issues).toEqual([]);
    const bytes = readFileSync(file);
    const starts = await startEach(bytes);
    const fine = changes.map((change) => {
      overwriteFile(file, changed(bytes, change));
      return verify({ ...request, paths: [file], recurse: true, exclude: [], ignoreMissing: [] }).ok;
    });
    overwriteFile(file, bytes);
    const isWorse = (at: number): boolean => originals[at] === true && starts[at] === false;
    expect(changes.filter((_, at) => isWorse(at) && fine[at] === true).map(({ title }) => title)).toEqual([]);
    const count = (of: (at: number) => boolean): number => changes.filter((_, at) => of(at)).length;
    const started = count((at) => starts[at] === true);
    console.info(
      `${form}: of ${changes.length} changes ${started} start, ${count(isWorse)} do not though the original does`,
    );
    // What verifying is content with either starts or would not have started as the original.
    expect(count((at) => starts[at] === true && fine[at] === true)).toBeGreaterThan(changes.length / 2);
  }
}, 120_000);
