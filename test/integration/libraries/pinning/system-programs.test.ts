// Every program of this machine's /usr/bin, wrapped without pins and with them: the same libraries in the same order.

import { copyFileSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runBesideStore, wrapBuddy } from "../../../support/roots/sandbox.ts";
import { createStore } from "../../../support/roots/store.ts";
import { tracedPaths } from "../../../support/simulated/real-linker.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const libraries = "/usr/lib/x86_64-linux-gnu";
const directories = [libraries, `${libraries}/systemd`, "/usr/lib/nix", "/usr/lib/man-db"];
const interpreter = "/lib64/ld-linux-x86-64.so.2";

interface Report {
  readonly files: readonly {
    readonly kind: string;
    readonly path: string;
    readonly facts?: { readonly neededFirst: readonly string[] };
  }[];
}

/** What wrapping a directory with this option pins in each of its programs, by their names. */
async function wrap(directory: string, option: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const args = [directory, "--interpreter", interpreter, "--libs", ...directories, "--ignore-missing", "*"];
  const ran = await wrapBuddy(createStore(), [...args, "--ignore-existing", option, "--json"], { seconds: 120 });
  const { files } = JSON.parse(ran.stdout) as Report;
  return new Map(files.flatMap(({ path, facts }) => (facts === undefined ? [] : [[path, facts.neededFirst]])));
}

/** The paths of the objects that each program loads, as its dynamic linker lists them, which then ends. */
async function objectsOf(programs: readonly string[]): Promise<ReadonlyMap<string, readonly (string | undefined)[]>> {
  const script = 'for path; do LD_TRACE_LOADED_OBJECTS=1 "$path" 2>&1; printf "\\035"; done';
  const ran = await runBesideStore(createStore(), ["/bin/sh", "-c", script, "sh", ...programs], { seconds: 300 });
  const reports = ran.stdout.split("\x1d");
  return new Map(programs.map((path, index) => [path, tracedPaths(reports[index] ?? "")]));
}

describe("the programs of this machine", () => {
  const programs = join(temporaryDirectory(), "programs");
  let pins: ReadonlyMap<string, readonly string[]>;
  let before: ReadonlyMap<string, readonly (string | undefined)[]>;
  let after: ReadonlyMap<string, readonly (string | undefined)[]>;

  beforeAll(async () => {
    mkdirSync(programs);
    for (const name of readdirSync("/usr/bin")) {
      const file = join("/usr/bin", name);
      if (realpathSync(file) === file && statSync(file).isFile()) copyFileSync(file, join(programs, name));
    }
    before = await objectsOf([...(await wrap(programs, "--no-pin")).keys()]);
    pins = await wrap(programs, "--pin");
    after = await objectsOf([...pins.keys()]);
  });

  it("are pinned, almost all of them", () => {
    expect(pins.size).toBeGreaterThan(300);
    const without = [...pins].flatMap(([path, list]) => (list.length === 0 ? [path.slice(programs.length + 1)] : []));
    console.log(`${pins.size} programs, ${without.length} of them without pins: ${without.join(" ")}`);
    expect(without.length / pins.size).toBeLessThan(0.05);
  });

  it("load the same files in the same order", () => {
    const different = [...after].flatMap(([path, objects]) => {
      const others = before.get(path) ?? [];
      return objects.length > 0 && objects.join() === others.join() ? [] : [{ path, objects, others }];
    });
    expect(different).toEqual([]);
  });
});
