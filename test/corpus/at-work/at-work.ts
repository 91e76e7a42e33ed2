// A foreign program in a store of its own, in one path for all of its forms (as it came, wrapped, in place, patched), so
// that what it prints of itself is the same; and the same work for each.

import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CorpusEntry, Step } from "../../support/foreign/corpus.ts";
import { addNixosGlibc } from "../../support/roots/nixos-glibc.ts";
import { bwrap, type Ran, runInStore, type SandboxOptions } from "../../support/roots/sandbox.ts";
import {
  addFiles,
  addGccLibraries,
  addGlibc,
  createStore,
  hostPath,
  type InstalledGlibc,
  packagePath,
  type Store,
  storeDirectory,
} from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { patchelf } from "./patchelf.ts";
import { unpackedPackage } from "./unpacked.ts";

interface PackedLink {
  readonly source: string;
  readonly target: string;
}

export interface Installed {
  readonly entry: CorpusEntry;
  readonly store: Store;
  readonly glibc: InstalledGlibc;
  /** Where its libraries are that are not in its package. */
  readonly libraries: readonly string[];
  /** The package in the store. */
  readonly directory: string;
}

/** What one run of all its work gave. */
export interface Done {
  readonly steps: readonly Pick<Ran, "exitCode" | "stdout">[];
  /** Of the files that it made, by their names: how they hash, or "absent". */
  readonly made: { readonly [name: string]: string };
  /** What all steps say of themselves, for a message. */
  readonly stderr: string;
}

/** A run that was ended because it took too long. */
export const tooLong = 124;

const input = fileURLToPath(new URL("../input/", import.meta.url));
const qemu = "/usr/bin/qemu-aarch64-static";
const debianLibraries = "/usr/lib/x86_64-linux-gnu";
const isForeign = ({ architecture }: CorpusEntry): boolean => architecture !== undefined;

/** Fetches a package and puts what is needed of it into a new store. */
export async function install(entry: CorpusEntry): Promise<Installed> {
  const store = createStore();
  const directory = packagePath("tool");
  const { architecture } = entry;
  const glibc = architecture === undefined ? addNixosGlibc(store, "aa_AR.utf8") : addGlibc(store, architecture);
  const libraries = isForeign(entry) ? [] : [addGccLibraries(store)];
  if (entry.libraries !== undefined) {
    const files = entry.libraries.map((name) => `${debianLibraries}/${name}`);
    const place = addFiles(store, `${packagePath("libraries")}/lib`, files);
    // As Nix builds them: each finds by itself what it needs.
    const runPath = [place, ...libraries].join(":");
    for (const name of entry.libraries) patchelf("0.18", "--set-rpath", runPath, hostPath(store, `${place}/${name}`));
    libraries.push(place);
  }
  const installed = { entry, store, glibc, libraries, directory };
  await restore(installed);
  return installed;
}

/** The package as it came, in its place: whatever was done to it is gone. */
export async function restore({ entry, store, directory }: Installed): Promise<void> {
  const from = await unpackedPackage(entry);
  const to = hostPath(store, directory);
  rmSync(to, { recursive: true, force: true });
  const archives = (entry.unpacks ?? []).map(({ archive }) => join(from, archive));
  const options = { recursive: true, verbatimSymlinks: true, filter: (path: string) => !archives.includes(path) };
  for (const name of entry.files ?? [entry.executable]) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    cpSync(join(from, name), join(to, name), options);
  }
  // npm keeps neither all modes nor links.
  for (const name of [entry.executable, ...(entry.executables ?? [])]) chmodSync(join(to, name), 0o755);
  const links: readonly PackedLink[] =
    entry.links === undefined ? [] : JSON.parse(readFileSync(join(to, entry.links), "utf8"));
  for (const { source, target } of links) symlinkSync(basename(source), join(to, target));
}

/** Paths in the store of all files of the package. */
export function filesOf({ store, directory }: Installed): readonly string[] {
  const root = hostPath(store, directory);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => join(directory, parentPath.slice(root.length), name))
    .sort();
}

/** Bytes of the program that does the work. */
export function sizeOf({ store, directory, entry }: Installed): number {
  return statSync(hostPath(store, join(directory, entry.executable))).size;
}

/** The first step alone, in a root that holds only the store: as it came, it has to fail there. */
export async function tryFirst(installed: Installed): Promise<Ran> {
  const [first] = installed.entry.work;
  return runStep(installed, { run: first.run }, copyOfInput(), "store");
}

/** All the work, in a root that holds only the store, or on this machine, with the store in its place. */
export async function work(installed: Installed, where: "store" | "machine"): Promise<Done> {
  const scratch = copyOfInput();
  const steps: Ran[] = [];
  for (const step of installed.entry.work) {
    const ran = await runStep(installed, step, scratch, where);
    steps.push(ran);
    if (ran.exitCode === tooLong) break;
  }
  const { makes = [], ignores } = installed.entry;
  const changing = ignores === undefined ? undefined : new RegExp(ignores, "g");
  const made = makes.map((name) => [name, hashOf(join(scratch, name))] as const);
  rmSync(scratch, { recursive: true });
  return {
    steps: steps.map(({ exitCode, stdout }) => ({
      exitCode,
      stdout: changing === undefined ? stdout : stdout.replaceAll(changing, ""),
    })),
    made: Object.fromEntries(made),
    stderr: steps.map(({ stdout, stderr }) => (stdout + stderr).slice(-2000)).join("\n"),
  };
}

/**
 * For a shell whose further words are a program's: it is driven by a pipe and answers by another, each message with a zero
 * byte at its end. Source: Chromium, content/browser/devtools/devtools_pipe_handler.cc.
 */
function drivingScript(messages: readonly string[]): string {
  const busybox = "/bin/busybox";
  const said = messages.map((message) => `printf '%s\\0' '${message}'; ${busybox} sleep 5`).join("; ");
  const run = '"$0" "$@" 3<&0 4>answers </dev/null >/dev/null';
  return `{ ${said}; } | { ${run}; status=$?; ${busybox} cat answers; exit $status; }`;
}

/** What a program finds of Debian where it expects it. */
function debian(): readonly string[] {
  return ["bin", "etc", "lib", "lib64", "sbin", "usr"].flatMap((name) => {
    const path = `/${name}`;
    return lstatSync(path).isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
  });
}

function copyOfInput(): string {
  const scratch = join(temporaryDirectory(), "input");
  cpSync(input, scratch, { recursive: true });
  return scratch;
}

function hashOf(path: string): string {
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : "absent";
}

async function runStep(installed: Installed, step: Step, scratch: string, where: "store" | "machine"): Promise<Ran> {
  const { entry, store, directory } = installed;
  const words = step.run.map((word) => word.replace("PACKAGE", directory));
  const program = join(directory, words[0] ?? "");
  const environment = {
    ...{ HOME: "/input", NO_COLOR: "1", LANG: "C.UTF-8", PATH: "/nonexistent" },
    ...entry.environment,
  };
  const emulated = isForeign(entry) ? ["/qemu", ...(where === "machine" ? ["-L", "/usr/aarch64-linux-gnu"] : [])] : [];
  const driven = step.drives === undefined ? [] : ["/bin/busybox", "sh", "-c", drivingScript(step.drives)];
  const [first = program, ...rest] = [...driven, ...emulated, program, ...words.slice(1)];
  const binds = [
    [scratch, "/input"] as const,
    ...(entry.reads ?? []).map((path) => [path, path] as const),
    ...(isForeign(entry) ? [[qemu, "/qemu"] as const] : []),
  ];
  const options: SandboxOptions = { seconds: entry.seconds ?? 120, ...(step.input === undefined ? {} : step) };
  const user = ["--uid", "1000", "--gid", "1000", "--ro-bind", join(scratch, "passwd"), "/etc/passwd"];
  const asUser = entry.asUser === true ? user : [];
  try {
    if (where === "store") {
      // A static one.
      const names = entry.shell === true ? ["/bin/sh", "/bin/busybox"] : [];
      const shell = names.flatMap((name) => ["--ro-bind", "/bin/busybox", name]);
      const more = ["--chdir", "/input", ...asUser, ...shell];
      return await runInStore(store, [first, ...rest], { ...options, environment, binds, bwrap: more });
    }
    // The same environment, and of this machine its programs and libraries only.
    const set = Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]);
    const bound = binds.flatMap(([from, to]) => ["--bind", from, to]);
    const bwrapOptions = [
      ...[
        ...debian(),
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--tmpfs",
        "/tmp",
        "--bind",
        store.directory,
        storeDirectory,
      ],
      ...["--clearenv", ...set, ...bound, "--chdir", "/input", ...asUser],
    ];
    return await bwrap(bwrapOptions, [first, ...rest], options);
  } catch (error) {
    // It did not end in time.
    return { exitCode: tooLong, stdout: "", stderr: String(error) };
  }
}
