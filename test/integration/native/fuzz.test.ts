// The loader's pure parts as programs of this machine, under libFuzzer with AddressSanitizer and UBSan: native/fuzz/ says
// what each has to keep. An input that breaks one is kept in build/fuzz/.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import type { Sidecar } from "../../../src/patch/sidecar/sidecar-codec.ts";
import { encodeExample } from "../../support/simulated/example-sidecar.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { fuzzSeconds, fuzzSeed } from "../../support/vitest/fuzz-time.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const failures = `${root}build/fuzz/`;

/** What the loader reads of an interpreter at once, bytes (native/loader/loader.h). */
const headerBytes = 4352;

const text = (value: string) => Buffer.from(value);

/** Without a loader, of which nothing is read. */
const sidecarOf = (changes: Partial<Sidecar> = {}): Uint8Array =>
  encodeExample({ elfClass: 64, byteOrder: "little" }, { loader: Buffer.alloc(0), ...changes });

/** Without an interpreter: its bytes are the run path's. In the article's header the two sizes are u16 at 16 and 18. */
function withoutInterpreter(sidecar: Uint8Array): Uint8Array {
  const bytes = Buffer.from(sidecar);
  bytes.writeUInt16LE(bytes.readUInt16LE(16) + bytes.readUInt16LE(18), 18);
  bytes.writeUInt16LE(0, 16);
  return bytes;
}

interface Target {
  /** Inputs to begin with. */
  readonly seeds: readonly Uint8Array[];
  readonly largest: number;
  /** Inputs tried in the short run: a second or two. */
  readonly runs: number;
}

const targets: { readonly [name: string]: Target } = {
  sidecar: {
    seeds: [
      sidecarOf(),
      sidecarOf({ needed: [], firstNeeded: [], runPath: text(""), runPathTag: 0 }),
      withoutInterpreter(sidecarOf()),
    ],
    largest: 1024,
    runs: 200_000,
  },
  interpreter: {
    seeds: [readFileSync("/lib64/ld-linux-x86-64.so.2").subarray(0, headerBytes)],
    largest: headerBytes,
    runs: 300_000,
  },
  dynamic: {
    seeds: [Buffer.concat([Buffer.from([8, 1, 6, 0, 1, 2, 3, 4, 5, 6, 0]), text("first\0last\0")])],
    largest: 512,
    runs: 100_000,
  },
};

beforeAll(async () => {
  mkdirSync(failures, { recursive: true });
  await execa("make", ["-s", "-C", `${root}native`, "OBJ=../build/native", "fuzz"]);
});

describe.each(Object.entries(targets))("fuzzing the loader's reader: %s", (name, { seeds, largest, runs }) => {
  const seconds = fuzzSeconds ?? 0;

  it(
    "finds no input that breaks a promise or touches a byte that is not there",
    async () => {
      const corpus = temporaryDirectory();
      for (const [index, seed] of seeds.entries()) writeFileSync(`${corpus}/seed-${index}`, seed);
      const effort = fuzzSeconds === undefined ? `-runs=${runs}` : `-max_total_time=${seconds}`;
      const ran = await execa(
        `${root}build/native/fuzz/${name}`,
        [`-seed=${fuzzSeed}`, effort, `-max_len=${largest}`, `-artifact_prefix=${failures}${name}-`, corpus],
        { all: true, reject: false, timeout: (seconds + 100) * 1000 },
      );
      const done = /Done (\d+) runs in (\d+) second/.exec(ran.all);
      console.log(`${name}: seed ${fuzzSeed}, ${done?.[1] ?? "?"} inputs in ${done?.[2] ?? "?"} s`);
      expect(ran.exitCode, ran.all.slice(-4000)).toBe(0);
    },
    (seconds + 120) * 1000,
  );
});
