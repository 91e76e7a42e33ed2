// What is damaged is told, whatever the damage: verifying, inspecting and restoring end with a report.

import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inspect } from "../../../src/commands/inspect/inspect.ts";
import { unwrap } from "../../../src/commands/unwrap/unwrap.ts";
import { verify } from "../../../src/commands/verify/verify.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import { buildElf, type ElfSpec } from "../../support/elf/elf-builder.ts";
import { applyDamage, type Damage, damageTo } from "../../support/elf/mutations.ts";
import { createLibraryTree, type LibraryTree } from "../../support/simulated/library-tree.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";
import { fuzzSeed } from "../../support/vitest/fuzz-time.ts";

/** The same files in every run of npm test; set SEED for others, RUNS for more. */
const seed = Number(process.env["SEED"] ?? fuzzSeed);
const numRuns = Number(process.env["RUNS"] ?? 100);

const specs: { readonly [path: string]: ElfSpec } = {
  tool: {
    needed: ["liba.so", "libc.so.6"],
    versionNeeds: [{ file: "libc.so.6", versions: [{ name: "GLIBC_2.2.5" }] }],
    runpath: "$ORIGIN/lib",
    notes: [{ name: "GNU", type: 5, description: new Uint8Array(16) }],
  },
  "lib/liba.so": { interpreter: null, soname: "liba.so", needed: ["libc.so.6"] },
  "lib/ld-linux-x86-64.so.2": { interpreter: null, symbols: [{ name: "_r_debug", value: 0x10n }] },
  "lib/libc.so.6": { interpreter: null, soname: "libc.so.6", versionDefinitions: ["libc.so.6", "GLIBC_2.2.5"] },
};

let tree: LibraryTree;
/** The bytes of all files as they are when all is well. */
const whole = new Map<string, Buffer>();

beforeAll(() => {
  tree = createLibraryTree();
  tree.directory("lib");
  for (const [path, spec] of Object.entries(specs)) writeFileSync(tree.at(path), buildElf(spec).bytes);
  chmodSync(tree.at("tool"), 0o755);
  const interpreters = [tree.at("lib/ld-linux-x86-64.so.2")];
  const { issues } = run(wrapRequestOf([tree.at("tool")], { interpreters, storeDirectory: tree.root }));
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  chmodSync(tree.at(".tool.wrapbuddy"), 0o644);
  for (const path of [...Object.keys(specs), ".tool.wrapbuddy"]) whole.set(path, readFileSync(tree.at(path)));
});
afterAll(() => tree.remove());

const asked = () => ({ paths: [tree.at("tool")], recurse: true, exclude: [] });
const look = () => verify({ ...asked(), ignoreMissing: [], storeDirectory: tree.root });

/** Looks at the tree with another content of one of its files. */
function lookWith(path: string, bytes: Uint8Array): void {
  writeFileSync(tree.at(path), bytes);
  try {
    const { ok, issues } = look();
    expect(ok || issues.length > 0).toBe(true);
    inspect(wrapRequestOf([tree.at("tool")], { storeDirectory: tree.root }), "as-it-is");
    unwrap({ ...asked(), dryRun: true });
  } finally {
    writeFileSync(tree.at(path), whole.get(path) ?? "");
  }
}

test("all is well as long as nothing is damaged", () => {
  expect(look()).toMatchObject({ ok: true, files: [{ kind: "fine", libraries: 2 }] });
});

test.each(Object.entries(specs))("%s, damaged, is looked at", (path, spec) => {
  console.info(`seed ${seed}, ${numRuns} files`);
  const good = buildElf(spec);
  const wrapped = { ...good, bytes: whole.get(path) ?? good.bytes };
  fc.assert(
    fc.property(damageTo(good), (damage: Damage) => lookWith(path, applyDamage(wrapped, damage))),
    { seed, numRuns },
  );
});

test("a damaged sidecar is looked at", () => {
  console.info(`seed ${seed}, ${numRuns} sidecars`);
  const good = whole.get(".tool.wrapbuddy") ?? Buffer.alloc(0);
  const edits = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  const size = fc.oneof(
    { weight: 3, arbitrary: fc.constant(good.length) },
    { weight: 1, arbitrary: fc.nat(good.length) },
  );
  fc.assert(
    fc.property(edits, size, (bytes, end) => {
      const damaged = Buffer.from(good);
      for (const [offset, value] of bytes) damaged[offset] = value;
      lookWith(".tool.wrapbuddy", damaged.subarray(0, end));
    }),
    { seed, numRuns },
  );
});
