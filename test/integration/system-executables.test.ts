// Every executable of this machine's /usr/bin and /usr/sbin: all are wrapped, and answer as the originals do in a root
// where the originals cannot start.

import { beforeAll, describe, expect, it } from "vitest";
import {
  compareAnswers,
  type Report,
  type SystemExecutables,
  startOthers,
  wrapSystemExecutables,
} from "../support/foreign/system-executables.ts";
import { wrapBuddy } from "../support/roots/sandbox.ts";
import { addGlibc, createStore } from "../support/roots/store.ts";

describe("every executable in /usr/bin and /usr/sbin", () => {
  let wrapped: SystemExecutables;

  beforeAll(async () => {
    wrapped = await wrapSystemExecutables("wrapped");
  });

  it("is wrapped: none lacks room", () => {
    const failed = wrapped.report.files.filter(({ kind }) => kind === "failed");
    console.log(`${wrapped.names.length} of ${wrapped.report.files.length} files wrapped`);
    expect(failed).toEqual([]);
    expect(wrapped.names.length).toBeGreaterThan(400);
    const reasons = new Set(wrapped.report.files.filter(({ kind }) => kind === "skipped").map(({ reason }) => reason));
    expect(
      [...reasons].filter(
        (reason) => !["not-elf", "static", "static-pie", "go-static", "empty"].includes(reason ?? ""),
      ),
    ).toEqual([]);
  });

  it("answers --version or --help as the original does, where the original cannot start", async () => {
    const answers = await compareAnswers(wrapped);
    expect(answers.different).toEqual([]);
    expect(answers.same / wrapped.names.length).toBeGreaterThan(0.9);
    expect(startOthers(answers).length).toBeLessThan(5);
  });
});

describe("no shared library in /usr/lib", () => {
  it("is taken for an executable", async () => {
    const store = createStore();
    const glibc = addGlibc(store);
    const ran = await wrapBuddy(
      store,
      ["/usr/lib", "--interpreter", glibc.interpreter, "--ignore-missing", "*", "--dry-run", "--json"],
      { seconds: 120 },
    );
    const { files } = JSON.parse(ran.stdout) as Report;
    const isNamedLikeLibrary = ({ path }: { readonly path: string }) => /\.so(\.[0-9.]+)?$/.test(path);
    const skipped = files.filter(({ reason }) => reason === "shared-library");
    console.log(`${skipped.length} shared libraries left alone`);
    expect(files.filter((file) => file.kind === "wrapped" && isNamedLikeLibrary(file))).toEqual([]);
    expect(skipped.length).toBeGreaterThan(300);
    for (const name of ["libc.so.6", "libcap.so.2", "libpthread.so.0"]) {
      expect(
        skipped.some(({ path }) => path.endsWith(`/${name}`) || path.includes(`/${name}.`)),
        name,
      ).toBe(true);
    }
  });
});
