// Programs that carry a library inside their own file, write it out when they run, and open it: as bun, deno, pkg and
// node do with addons. Started with the real dynamic linker, in a root that holds only the store.

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../../support/compiled/bundle.ts";
import { runInStore, wrapBuddy } from "../../../support/roots/sandbox.ts";
import { hostPath } from "../../../support/roots/store.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const answer = "/nix/store/answer/lib/libanswer.so";
const addon = "int answer(void); int found(void) { return answer(); }";

/** Finds the library by the mark before it, which stands in no string of its own. */
const unpacks = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  int self = open("/proc/self/exe", O_RDONLY);
  off_t size = lseek(self, 0, SEEK_END);
  char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, self, 0);
  char mark[] = "nodda";
  for (int at = 0; at < 2; at++) { char c = mark[at]; mark[at] = mark[4 - at]; mark[4 - at] = c; }
  char *found = memmem(bytes, size, mark, 5);
  int file = open("/tmp/opened.node", O_CREAT | O_WRONLY, 0755);
  for (char *from = found + 5; from < bytes + size; from++) {
    char byte = *from ^ KEY;
    write(file, &byte, 1);
  }
  close(file);
  void *library = dlopen("/tmp/opened.node", RTLD_NOW);
  int (*function)(void) = library ? (int (*)(void))dlsym(library, "found") : NULL;
  return function ? printf("%d\\n", function()), 0 : (puts(dlerror()), 1);
}`;

const places = {
  "after everything else": (program: string, payload: string) =>
    Promise.resolve(appendFileSync(program, readFileSync(payload))),
  "in the section .bun": (program: string, payload: string) =>
    execa("objcopy", ["--add-section", `.bun=${payload}`, program]),
  "in a note": (program: string, payload: string) =>
    execa("objcopy", ["--add-section", `.note.NODE_SEA_BLOB=${payload}`, program]),
} as const;

interface AddonOptions {
  readonly flags?: readonly string[];
  /** Every byte of the addon is changed by it: one that is not 0 hides it, as compressing does. */
  readonly key?: number;
}

async function programWithAddon(place: keyof typeof places, { flags = [], key = 0 }: AddonOptions = {}) {
  const bundle: Bundle = createBundle();
  await bundle.library(answer, { code: "int answer(void) { return 42; }" });
  const library = await bundle.library("/nix/store/made/addon.node", { code: addon, needs: [answer], flags });
  const program = await bundle.executable("bin/tool", { code: `#define KEY ${key}${unpacks}` });
  const payload = join(temporaryDirectory(), "payload");
  const bytes = readFileSync(hostPath(bundle.store, library)).map((byte) => byte ^ key);
  writeFileSync(payload, Buffer.concat([Buffer.from("addon"), bytes]));
  await places[place](hostPath(bundle.store, program), payload);
  return { bundle, start: () => runInStore(bundle.store, [program]) };
}

const libs = ["--libs", dirname(answer)];

describe("an addon inside an executable", () => {
  it.each(Object.keys(places) as (keyof typeof places)[])("finds what it needs, %s", async (place) => {
    const { bundle, start } = await programWithAddon(place);
    expect(await bundle.wrap([...libs, "--no-embedded"])).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await start()).stdout).toContain("libanswer.so: cannot open shared object file");
    expect(await bundle.wrap(libs)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await start()).toMatchObject({ stdout: "42\n", exitCode: 0 });
    expect(await wrapBuddy(bundle.store, ["verify", bundle.root])).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("finds it with a DT_RUNPATH of its own, too", async () => {
    const flags = ["-Wl,--enable-new-dtags,-rpath,$ORIGIN"];
    const { bundle, start } = await programWithAddon("after everything else", { flags });
    expect(await bundle.wrap(libs)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await start()).toMatchObject({ stdout: "42\n", exitCode: 0 });
  });

  it("that is compressed is not seen, and finds what is given for what a program opens", async () => {
    const { bundle, start } = await programWithAddon("after everything else", { key: 1 });
    expect(await bundle.wrap(libs)).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await start()).stdout).toContain("libanswer.so: cannot open shared object file");
    expect(await bundle.wrap(["--runtime-dependencies", dirname(answer)])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await start()).toMatchObject({ stdout: "42\n", exitCode: 0 });
  });

  it("is named in a warning with what it misses", async () => {
    const { bundle } = await programWithAddon("after everything else");
    const { exitCode, stderr } = await bundle.wrap();
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/warning: \S*bin\/tool \(addon\.node at 0x[0-9a-f]+ in it\): libanswer\.so not found in/);
    expect(stderr).toContain("help: give the directory that holds it with --libs");
    const strict = await bundle.wrap(["--strict"]);
    expect(strict.exitCode).toBe(1);
    expect(strict.stderr).toContain("error: ");
  });
});
