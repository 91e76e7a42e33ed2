// Executables that came with a changed header: whether the kernel and the dynamic linker start them is tried for each field
// of the file header and of every program header, as they are and wrapped. What starts is never called damaged; what does
// not is named, except where nothing in the headers says so.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { verify } from "../../../src/commands/verify/verify.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import type { Form } from "../../../src/planning/wrap-request.ts";
import { helloSource } from "../../support/compiled/compile.ts";
import { machines } from "../../support/compiled/machines.ts";
import { buildProgram } from "../../support/compiled/program.ts";
import { type Field, mapElf } from "../../support/elf/elf-fields.ts";
import { type Change, changed, changesOf, isHeaderField, setTo } from "../../support/elf/header-changes.ts";
import { runEach } from "../../support/roots/run-each.ts";
import { startEach } from "../../support/roots/start-each.ts";
import { hostPath } from "../../support/roots/store.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";

/** Where the original finds its dynamic linker. */
const machine = { binds: ["/lib", "/lib64", "/usr/lib"].map((path) => [path, path] as const) };

const PT_DYNAMIC = 2n;
const PT_INTERP = 3n;
const PT_PHDR = 6n;

/** What flipping bits does not come to. */
function furtherChanges(field: Field): readonly Change[] {
  const values: { readonly [name: string]: readonly bigint[] } = {
    p_type: [PT_DYNAMIC, PT_INTERP, PT_PHDR],
    p_flags: [1n, 4n],
    p_vaddr: [0x1000_0000n, 1n << 62n],
    p_filesz: [0x48n, 0x1000n],
    p_memsz: [0x10_0000n, 1n << 62n, (1n << 64n) - 1n],
    p_align: [3n, 1n << 63n],
  };
  return (values[field.name.split(".")[1] ?? ""] ?? []).map((value) => setTo(field, value));
}

/**
 * Why a change may keep a file from starting without a word: other code stands at another entry point or offset; that the
 * program needs its read-only data (its fourth segment), or all of its last segment's data, stands nowhere; how much memory
 * there is, and what a note that is too long runs into, is known when it starts.
 */
const unsaid = /^ehdr.e_entry|^PT_LOAD.*p_offset|^PT_LOAD\[4\]|^PT_LOAD\[5\].p_filesz|^(PT_LOAD|PT_NOTE).*p_memsz/;

/**
 * What starts and is refused all the same: no tool can read the first; the bytes of PT_INTERP leave no room for a stub, nor
 * do segments that end early or overlap; the loader goes by p_filesz; a stub replaces one PT_INTERP.
 */
const refusable = /^ehdr.EI_|^PT_INTERP.*p_filesz|^PT_LOAD\[[23]\]\.p_(filesz|memsz)|^PT_DYNAMIC.*p_filesz|p_type = 3$/;

it("what the kernel starts is wrapped, or refused for a reason of its own; of what it does not, the field is named", async () => {
  const { store, glibc, path } = await buildProgram({ files: helloSource });
  const original = readFileSync(hostPath(store, path));
  const changes = mapElf(original)
    .fields.filter(isHeaderField)
    .flatMap((field) => [...changesOf(field).filter(({ title }) => / (1|= 0)$/.test(title)), ...furtherChanges(field)]);
  const files = changes.map((change) => changed(original, change));
  const says = (status: number, output: string): boolean => status === 0 && output === "hello\n";
  const starts = (await runEach({ store, path }, path, files, { storeAt: store.directory, ...machine })).map(
    ({ end, number, output }) => end === "exit" && says(number, output),
  );
  const placesOf = (form: Form): readonly string[] =>
    changes.map((_, index) => `${path.slice(0, path.lastIndexOf("/"))}/${form}/${index}/program`);
  for (const form of ["stub", "in-place"] as const) {
    const places = placesOf(form);
    const request = { interpreters: [hostPath(store, glibc.interpreter)], form, storeDirectory: store.directory };
    const outcomes = files.map((bytes, index) => {
      const file = hostPath(store, places[index] ?? "");
      mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      writeFileSync(file, bytes, { mode: 0o755 });
      const { ok } = run(wrapRequestOf([file], request));
      const isFine = verify({ ...request, paths: [file], recurse: true, exclude: [], ignoreMissing: [] }).ok;
      return { ok, isFine };
    });
    const [x86] = machines;
    if (x86 === undefined) throw new Error("no machine");
    const options = { storeAt: store.directory };
    const wrapped = (await startEach(x86, store, places, [], options)).map(({ status, output }) =>
      says(status, output),
    );
    expect(wrapped.length).toBe(changes.length);
    const titles = (of: (index: number) => boolean | undefined): readonly string[] =>
      changes.flatMap(({ title }, index) => (of(index) ? [title] : []));
    // One rule for both commands.
    expect(titles((at) => outcomes[at]?.ok && wrapped[at] && !outcomes[at].isFine)).toEqual([]);
    expect(titles((at) => starts[at] && outcomes[at]?.ok && !wrapped[at])).toEqual([]);
    const silent = titles((at) => outcomes[at]?.ok && !wrapped[at]);
    expect(silent.filter((title) => !unsaid.test(title))).toEqual([]);
    const refused = titles((at) => starts[at] && !outcomes[at]?.ok);
    expect(refused.filter((title) => !refusable.test(title))).toEqual([]);
    console.info(
      `${form}: of ${changes.length} changes ${titles((at) => starts[at]).length} start as they are, ` +
        `${titles((at) => wrapped[at]).length} wrapped, ${titles((at) => !outcomes[at]?.ok).length} are refused, ` +
        `${silent.length} do not start without a word, ${refused.length} start and are refused`,
    );
  }
}, 120_000);
