// The article's example end to end: https://fzakaria.com/, "Hijacking ELF entry points for NixOS compatibility".

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { type Article, articleOutput, buildArticle, fileOf } from "../support/compiled/article.ts";
import { type Ran, runInStore, wrapBuddy } from "../support/roots/sandbox.ts";

describe("the article's example", () => {
  let article: Article;
  let before: Ran;
  let original: Buffer;
  let log: Ran;

  beforeAll(async () => {
    article = await buildArticle();
    original = readFileSync(fileOf(article, article.main));
    before = await runInStore(article.store, [article.main]);
    log = await wrapBuddy(article.store, [
      ...["--paths", article.main],
      ...["--libs", article.libfoo, article.libbar],
      ...["--interpreter", article.interpreter],
    ]);
  });

  it("does not start before", () => {
    expect(before.exitCode).not.toBe(0);
    expect(before.stderr).toContain("No such file or directory");
  });

  it("prints its three lines after", async () => {
    expect(await runInStore(article.store, [article.main])).toEqual({ stdout: articleOutput, stderr: "", exitCode: 0 });
  });

  it("reports the article's facts", () => {
    expect(log.stderr).toBe("");
    expect(log.exitCode).toBe(0);
    expect(log.stdout).toMatchInlineSnapshot(`
      "Using interpreter: /nix/store/57iz36553175g3178pvxjij8z5rcsd4n-glibc-2.42-61/lib/ld-linux-x86-64.so.2
      Patching: /nix/store/0123456789abcdfghijklmnpqrsvwxyz-article/bin/main
        ELF class: 64-bit
        Original entry: 0x10a0 (file offset: 0x10a0)
        Available space at entry: 245 bytes
        Stub size: 222 bytes
        Wrote config to /nix/store/0123456789abcdfghijklmnpqrsvwxyz-article/bin/.main.wrapbuddy
        Overwrote 222 bytes at entry point
        Converted PT_INTERP to PT_NULL
      Patched: /nix/store/0123456789abcdfghijklmnpqrsvwxyz-article/bin/main
      1 wrapped
      "
    `);
  });

  it("writes the article's sidecar: 22 bytes of header, interpreter, run path, saved bytes, needed names", () => {
    const sidecar = readFileSync(fileOf(article, article.main.replace(/main$/, ".main.wrapbuddy")));
    const entry = Number(sidecar.readBigUInt64LE(0));
    const savedSize = Number(sidecar.readBigUInt64LE(8));
    const interpreterSize = sidecar.readUInt16LE(16);
    const runPathSize = sidecar.readUInt16LE(18);
    expect(entry).toBe(Number(original.readBigUInt64LE(24)));
    expect(interpreterSize).toBe(83);
    expect(sidecar.toString("latin1", 22, 22 + interpreterSize)).toBe(`${article.interpreter}\0`);
    const saved = 22 + interpreterSize + runPathSize;
    expect(sidecar.toString("latin1", 22 + interpreterSize, saved)).toBe(
      `${[article.libfoo, article.libbar, article.glibc].join(":")}\0`,
    );
    // The file offset of the entry point is its address: the linker maps this segment one to one.
    expect(sidecar.subarray(saved, saved + savedSize)).toEqual(original.subarray(entry, entry + savedSize));
  });

  it("changes the entry point and one program header's type, and nothing else", () => {
    const sidecar = readFileSync(fileOf(article, article.main.replace(/main$/, ".main.wrapbuddy")));
    const entry = Number(sidecar.readBigUInt64LE(0));
    const savedSize = Number(sidecar.readBigUInt64LE(8));
    const wrapped = readFileSync(fileOf(article, article.main));
    const changed = [...wrapped.keys()].filter((at) => wrapped[at] !== original[at]);
    const outside = changed.filter((at) => at < entry || at >= entry + savedSize);
    expect(wrapped.length).toBe(original.length);
    expect(outside).toHaveLength(1);
    expect(original.readUInt32LE(outside[0] ?? 0)).toBe(3);
    expect(wrapped.readUInt32LE(outside[0] ?? 0)).toBe(0);
  });
});
