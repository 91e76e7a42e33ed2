// Run when the program is built, `node record-code-caches.js DIST`: starts the commands and the hook on a copy of node, and
// keeps beside each part what V8 compiled of it meanwhile, for load-part.ts. Built again, the caches are the same.
//
// Each start is a process: `node record-code-caches.js DIST ENTRY [WORD…]`, ENTRY being cli/main or hook/main.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { baseName } from "../../base/path.ts";
import { PT_INTERP } from "../../elf/constants.ts";
import { parseElf } from "../../elf/parse-elf.ts";
import { bufferSource } from "../../elf/source.ts";

/** With a seed of their own V8's hashes, and what it forgets, would differ each time. */
const repeatable = ["--hash-seed=1", "--no-flush-bytecode"];
/** Again as where the caches are used, or V8 would refuse them there. */
const asUsed = ["--hash-seed=0", "--flush-bytecode"];

function recordAll(distribution: string): void {
  const directory = mkdtempSync(join(tmpdir(), "wrap-buddy-"));
  try {
    const { program, interpreter } = writeSample(directory);
    const wrapped = ["--interpreter", interpreter, "--no-gc-roots"];
    const handover = [
      ["outputs", "list", "out", directory],
      ...["packages", "hostPackages", "searchPathCalls", "arguments"].map((name) => [name, "list"]),
      ["interpreter", "string", interpreter],
      ...["compiler", "compilerLibraries"].map((name) => [name, "string", ""]),
    ];
    const input = handover
      .map(([name, kind, ...values]) => [name, kind, values.length, ...values, ""].join("\0"))
      .join("");
    const starts: readonly (readonly string[])[] = [
      ["cli/main", "wrap", directory, ...wrapped],
      ["cli/main", "verify", program],
      ["cli/main", "inspect", program],
      ["cli/main", "unwrap", program],
      ["hook/main", "list-unstrippable"],
      ["hook/main", "wrap-outputs"],
    ];
    for (const words of starts) {
      const { status, stderr } = spawnSync(process.execPath, [...repeatable, __filename, distribution, ...words], {
        input,
        env: { ...process.env, HOME: directory, XDG_CACHE_HOME: directory },
        encoding: "utf8",
      });
      if (status !== 0) console.error(`what V8 compiles for this is not all kept: ${words.join(" ")}\n${stderr}`);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Node, as a program from elsewhere that needs its libraries found; and what really is its dynamic linker. */
function writeSample(directory: string): { readonly program: string; readonly interpreter: string } {
  const bytes = readFileSync(process.execPath);
  const elf = parseElf(bufferSource(bytes));
  const { offset, fileSize } = elf.programHeaders.find(({ type }) => type === PT_INTERP) ?? { offset: 0, fileSize: 0 };
  const interpreter = elf.interpreter() ?? "";
  bytes.fill(0, offset, offset + fileSize).write(`/lib/${baseName(interpreter)}`.slice(0, fileSize), offset);
  const program = join(directory, "program");
  writeFileSync(program, bytes, { mode: 0o755 });
  return { program, interpreter };
}

function recordStart(distribution: string, entry: string, words: readonly string[]): void {
  const load = createRequire(import.meta.url);
  const { codeCacheOf, loadedParts } = load(join(distribution, "cli/engine/load-part.js"));
  const main = join(distribution, `${entry}.js`);
  process.argv = [process.execPath, main, ...words];
  process.on("exit", () => {
    for (const flag of asUsed) setFlagsFromString(flag);
    for (const [name, script] of loadedParts()) {
      if (!existsSync(codeCacheOf(name))) writeFileSync(codeCacheOf(name), script.createCachedData());
    }
  });
  load(main);
}

const [distribution = "dist", entry, ...words] = process.argv.slice(2);
if (entry === undefined) recordAll(resolve(distribution));
else recordStart(distribution, entry, words);
