// Every executable of this machine's /usr/bin and /usr/sbin, wrapped, asked for its version where the originals cannot
// start. A few of them act on the machine when started, so each runs in namespaces of its own, without capabilities,
// network or a writable root.

import { copyFileSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { bwrap, wrapBuddy } from "../roots/sandbox.ts";
import { addGlibc, createStore, packagePath, type Store } from "../roots/store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** What `wrap-buddy --json` says, as far as it is looked at here. */
export interface Report {
  readonly files: readonly { readonly kind: string; readonly path: string; readonly reason?: string }[];
  readonly issues: readonly { readonly kind: string; readonly severity?: string }[];
}

/** Copies of them all, as they are and wrapped. */
export interface SystemExecutables {
  readonly store: Store;
  readonly originals: string;
  readonly copies: string;
  readonly report: Report;
  /** Of those that were wrapped. */
  readonly names: readonly string[];
}

/** What wrapped programs answer, compared with their originals: how many do the same, and the names of the others. */
export interface Answers {
  readonly same: number;
  /** With what they say instead. */
  readonly different: readonly string[];
  /** Answer as their originals only beside Debian's own dynamic linker and libraries. */
  readonly dependent: readonly string[];
  /** Of which no two answers are the same. */
  readonly unstable: readonly string[];
}

const systemLibraries = "/usr/lib/x86_64-linux-gnu";
const libraries = `${packagePath("system")}/lib`;

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

/** Wraps copies of them with further arguments; those whose outcome is `kind` count. */
export async function wrapSystemExecutables(
  kind: "wrapped" | "in-place",
  args: readonly string[] = [],
): Promise<SystemExecutables> {
  const originals = join(temporaryDirectory(), "original");
  const copies = join(temporaryDirectory(), "wrapped");
  const store = createStore();
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
  const ran = await wrapBuddy(store, [copies, "--interpreter", glibc.interpreter, ...libs, ...args, "--json"], {
    bwrap: ["--bind", systemLibraries, libraries],
    seconds: 120,
  });
  const report = JSON.parse(ran.stdout) as Report;
  const wrapped = report.files.filter((file) => file.kind === kind);
  const names = wrapped.map(({ path }) => path.slice(copies.length + 1));
  return { store, originals, copies, report, names };
}

async function answer(
  store: Store,
  name: string,
  directory: string,
  root: readonly string[],
  option: string,
): Promise<Answer> {
  const options = [...common(directory, store), "--ro-bind", systemLibraries, libraries, ...root];
  const { stdout, stderr, exitCode } = await bwrap(options, [`/programs/${name}`, option], { seconds: 10 }).catch(
    () => ({ stdout: "", stderr: "", exitCode: undefined }),
  );
  return exitCode === undefined ? undefined : [exitCode, ...linesOf(stdout), ...linesOf(stderr)].join("\n");
}

/** Asks each for --version or --help, whichever its original answers twice in the same way. */
export async function compareAnswers({ store, originals, copies, names }: SystemExecutables): Promise<Answers> {
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
        native = await answer(store, name, originals, withLinker, option);
        // A program that answers twice in the same way can be compared.
        if (native !== undefined && native === (await answer(store, name, originals, withLinker, option))) break;
        native = undefined;
      }
      if (native === undefined) {
        unstable.push(name);
        continue;
      }
      const control = await answer(store, name, originals, withoutLinker, option);
      if (control?.includes("No such file or directory") !== true) different.push(`${name}: starts without its linker`);
      if ((await answer(store, name, copies, withoutLinker, option)) === native) {
        same++;
        continue;
      }
      // One that starts other programs of this machine needs their dynamic linker, and what is opened by name from a
      // library of this machine is looked for where Debian's dynamic linker looks.
      const together = await answer(store, name, copies, withLinker, option);
      if (together === native) dependent.push(name);
      else different.push(`${name} ${option}: ${JSON.stringify(together)} instead of ${JSON.stringify(native)}`);
    }
  };
  await Promise.all([compareNext(), compareNext(), compareNext()]);
  console.log(`${dependent.length} do so only beside Debian's own linker and libraries: ${dependent.join(" ")}`);
  console.log(`${same} answer as the original; ${unstable.length} give no stable answer: ${unstable.join(" ")}`);
  return { same, different, dependent, unstable };
}

/** Those that start other programs of this machine: gcc-ar and its like, of however many compilers, are left out. */
export function startOthers({ dependent }: Answers): readonly string[] {
  return dependent.filter((name) => !/-gcc-(ar|nm|ranlib)-\d+$/.test(name));
}
