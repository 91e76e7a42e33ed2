// Programs of Debian in bundles: each does the same work beside musl, read-only, for a user without rights, as where
// it is installed, and what it opens outside of the bundle is told. `WRAP_BUDDY_BUNDLE_ROOT` names another root of Debian's
// packages than the one that debian-roots.sh unpacks.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { failsToStart } from "../../support/compiled/program.ts";
import { allBundleWorks, bundledScript, bundleWords, installedScript } from "../../support/foreign/bundle-works.ts";
import { runBundled } from "../../support/roots/bundled-root.ts";
import { runInDebian, wrapBuddyInDebian } from "../../support/roots/debian-root.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { type BundledProgram, updateBundled } from "./bundled.ts";

const root =
  process.env["WRAP_BUDDY_BUNDLE_ROOT"] ?? fileURLToPath(new URL("../../../build/debian-all/bundled", import.meta.url));
if (!existsSync(join(root, ".packages"))) throw new Error(`${root} is missing: run debian-roots.sh --all`);

const reports = z.object({
  ok: z.boolean(),
  files: z.array(z.object({ size: z.number() })),
  escapes: z.array(z.object({ text: z.string(), meaning: z.string() })),
  opened: z.array(z.object({ opened: z.string(), does: z.string() })),
});

const bundled: BundledProgram[] = [];
afterAll(() => {
  if (process.env["UPDATE_CORPUS"] === "1") updateBundled(bundled);
});

/** A shell and the few programs that its lines call, in a root with musl. */
const shell = ["sh", "head"].map((name) => ["/bin/busybox", `/bin/${name}`] as const);

describe("a program of Debian does beside musl, in a bundle, what it does where it is installed:", {
  tags: ["trace"],
}, () => {
  it.each(allBundleWorks(root))("$name", async (work) => {
    const { name, program, with: more = [], set = {}, path = [], does } = work;
    const options = { isMusl: true, binds: shell, environment: { LC_ALL: "C" } };
    const script = bundledScript(work);
    const installed = await runInDebian(root, installedScript(work), { seconds: 120 });
    expect(installed).toMatchObject({ exitCode: 0 });
    expect(installed.stdout).not.toBe("");

    const output = temporaryDirectory();
    const words = ["bundle", ...bundleWords(work), "--output", "/output/bundle", "--json", "--trace-run", script];
    const made = await wrapBuddyInDebian(root, words, { output, seconds: 300 });
    expect(made).toMatchObject({ exitCode: 0 });
    const { files, escapes, opened } = reports.parse(JSON.parse(made.stdout));
    const bundle = join(output, "bundle");

    const alone = [program === "/tool/node" ? process.execPath : join(root, program), "/alone"] as const;
    expect(failsToStart(await runBundled(bundle, ["/alone"], { ...options, binds: [alone] }))).toBe(true);
    expect(await runBundled(bundle, ["/bin/sh", "-ec", script], options)).toEqual(installed);

    bundled.push({
      name,
      megabytes: Math.round(files.reduce((sum, { size }) => sum + size, 0) / 1e6),
      does,
      with: more,
      set: [...Object.keys(set), ...(path.length === 0 ? [] : ["PATH"])],
      names: new Set(escapes.flatMap(({ text, meaning }) => (isMeant(meaning) ? [text] : []))).size,
      opened: [...new Set(opened.map((one) => one.opened))].sort(),
    });
  });
});

/** What is there on the machine that makes the bundle, and may be opened or started. */
function isMeant(meaning: string): boolean {
  return meaning === "program" || meaning === "library" || meaning === "data";
}
