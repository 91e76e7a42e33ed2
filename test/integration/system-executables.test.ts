// Every executable of this machine's /usr/bin and /usr/sbin: all are wrapped, and answer as the originals do in a root
// where the originals cannot start. A few of them act on the machine when started, so each runs in namespaces of its
// own, without capabilities, network or a writable root.

import { copyFileSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bwrap, wrapBuddy } from "../support/sandbox.ts";
import { addGlibc, createStore, packagePath, type Store } from "../support/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const systemLibraries = "/usr/lib/x86_64-linux-gnu";
const libraries = `${packagePath("system")}/lib`;

interface Report {
  readonly files: readonly { readonly kind: string; readonly path: string; readonly reason?: string }[];
  readonly issues: readonly { readonly kind: string; readonly severity?: string }[];
}

/** What a program said; undefined when it did not end in time. */
type Answer = string | undefined;

/** Sorted, because groff and its like start several programs at once, any of which may speak first. */
const linesOf = (text: string): readonly string[] => text.split("\n").toSorted();

/** The same root for all: this machine's /usr and /etc, read-only, and the programs at /programs. */
const common = (directory: string, store: Store): readonly string[] => [
  ...["--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc", "--proc", "/proc", "--dev", "/dev"],
  ...["--tmpfs", "/tmp", "--tmpfs", "/run", "--tmpfs", "/var", "--chdir", "/tmp", "--cap-drop", "ALL", "--clearenv"],
  ...["--setenv", "PATH", "/usr/bin:/usr/sbin", "--setenv", "HOME", "/tmp", "--setenv", "TERM", "dumb"],
  ...["--ro-bind", directory, "/programs", "--ro-bind", store.directory, "/nix/store"],
];

/** With the dynamic linker and the libraries where Debian has them. */
const withLinker = ["--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"];

/** Without: no /lib, no /lib64, and nothing where Debian keeps its libraries. */
const withoutLinker = ["--tmpfs", systemLibraries, "--tmpfs", "/usr/lib64"];

describe("every executable in /usr/bin and /usr/sbin", () => {
  const originals = join(temporaryDirectory(), "original");
  const copies = join(temporaryDirectory(), "wrapped");
  let store: Store;
  let report: Report;
  let names: readonly string[];

  beforeAll(async () => {
    store = createStore();
    const glibc = addGlibc(store);
    // The mount point of the machine's libraries in the store.
    mkdirSync(join(store.directory, libraries.slice("/nix/store".length)), { recursive: true });
    mkdirSync(originals);
    mkdirSync(copies);
    for (const directory of ["/usr/bin", "/usr/sbin"]) {
      for (const name of readdirSync(directory)) {
        const file = join(directory, name);
        if (realpathSync(file) !== file || !statSync(file).isFile()) continue;
        copyFileSync(file, join(originals, name));
        copyFileSync(file, join(copies, name));
      }
    }
    // Run paths of Debian lead to where its libraries are now, and are not when the programs start: what is given wins.
    const libs = ["--libs", libraries, `${libraries}/systemd`, "/usr/lib/nix", "/usr/lib/man-db"];
    const ran = await wrapBuddy(store, [copies, "--interpreter", glibc.interpreter, ...libs, "--json"], {
      bwrap: ["--bind", systemLibraries, libraries],
      seconds: 120,
    });
    report = JSON.parse(ran.stdout) as Report;
    names = report.files.filter(({ kind }) => kind === "wrapped").map(({ path }) => path.slice(copies.length + 1));
  });

  it("is wrapped: none lacks room", () => {
    const failed = report.files.filter(({ kind }) => kind === "failed");
    console.log(`${names.length} of ${report.files.length} files wrapped`);
    expect(failed).toEqual([]);
    expect(names.length).toBeGreaterThan(400);
    const reasons = new Set(report.files.filter(({ kind }) => kind === "skipped").map(({ reason }) => reason));
    expect(
      [...reasons].filter(
        (reason) => !["not-elf", "static", "static-pie", "go-static", "empty"].includes(reason ?? ""),
      ),
    ).toEqual([]);
  });

  async function answer(name: string, directory: string, root: readonly string[], option: string): Promise<Answer> {
    const options = [...common(directory, store), "--ro-bind", systemLibraries, libraries, ...root];
    const { stdout, stderr, exitCode } = await bwrap(options, [`/programs/${name}`, option], { seconds: 10 }).catch(
      () => ({ stdout: "", stderr: "", exitCode: undefined }),
    );
    return exitCode === undefined ? undefined : [exitCode, ...linesOf(stdout), ...linesOf(stderr)].join("\n");
  }

  it("answers --version or --help as the original does, where the original cannot start", async () => {
    const different: string[] = [];
    const unstable: string[] = [];
    const dependent: string[] = [];
    let same = 0;
    const rest = [...names];
    const compareNext = async (): Promise<void> => {
      for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
        let native: Answer;
        let option = "--version";
        for (option of ["--version", "--help"]) {
          native = await answer(name, originals, withLinker, option);
          // A program that answers twice in the same way can be compared.
          if (native !== undefined && native === (await answer(name, originals, withLinker, option))) break;
          native = undefined;
        }
        if (native === undefined) {
          unstable.push(name);
          continue;
        }
        const control = await answer(name, originals, withoutLinker, option);
        if (control?.includes("No such file or directory") !== true)
          different.push(`${name}: starts without its linker`);
        if ((await answer(name, copies, withoutLinker, option)) === native) {
          same++;
          continue;
        }
        // One that starts other programs of this machine needs their dynamic linker, and what is opened by name from a
        // library of this machine is looked for where Debian's dynamic linker looks.
        const together = await answer(name, copies, withLinker, option);
        if (together === native) dependent.push(name);
        else different.push(`${name} ${option}: ${JSON.stringify(together)} instead of ${JSON.stringify(native)}`);
      }
    };
    await Promise.all([compareNext(), compareNext(), compareNext()]);
    console.log(`${dependent.length} do so only beside Debian's own linker and libraries: ${dependent.join(" ")}`);
    console.log(`${same} answer as the original; ${unstable.length} give no stable answer: ${unstable.join(" ")}`);
    expect(different).toEqual([]);
    expect(same / names.length).toBeGreaterThan(0.9);
    // gcc-ar and its like, of however many compilers.
    expect(dependent.filter((name) => !/-gcc-(ar|nm|ranlib)-\d+$/.test(name)).length).toBeLessThan(5);
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
