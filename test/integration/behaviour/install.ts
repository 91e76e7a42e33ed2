// Test programs in every form that a wrapped executable has, compiled and wrapped: in two stores, the same files at the
// same paths, as they were compiled and wrapped.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { behaviourSources } from "../../support/compiled/behaviour-sources.ts";
import { compile, type Source } from "../../support/compiled/compile.ts";
import { type Ran, runInStore, type SandboxOptions, wrapBuddy } from "../../support/roots/sandbox.ts";
import { addFiles, addGlibc, createStore, packagePath, type Store } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { inTwoLanes } from "../../support/vitest/lanes.ts";
import { type Form, type FormName, forms, type SystemName, systems, x86_64Forms } from "./forms.ts";

export interface Library {
  /** libNAME.so */
  readonly name: string;
  /** A file of test/fixtures/behaviour. */
  readonly source: string;
  readonly flags?: readonly string[];
  /** The program opens it, and is not linked with it. */
  readonly isOpenedLater?: boolean;
}

export interface Behaviour {
  /** A file of test/fixtures/behaviour. */
  readonly program: string;
  /** Files that it, or a library, includes. */
  readonly includes?: readonly string[];
  /** Each is linked with those before it. They lie in ../lib, seen from the program's directory. */
  readonly libraries?: readonly Library[];
  readonly flags?: readonly string[];
  /** Arguments after the source: libraries of the system. */
  readonly linkedWith?: readonly string[];
  /** All of x86_64 unless it is said. */
  readonly forms?: readonly FormName[];
  readonly arguments?: readonly string[];
  /** `root`: the directory that bin and lib are in. */
  readonly environment?: (root: string) => { readonly [name: string]: string };
  /**
   * The wrapped program's dynamic linker finds the C library without being told where, as one that Nix builds does and
   * Debian's does not: for libraries that the program's run path is not for.
   */
  readonly findsLibc?: boolean;
  /** What no linker writes: the finished executable, changed. */
  readonly edit?: (executable: Buffer) => Uint8Array;
  /** Takes out of the output what differs from start to start. */
  readonly withoutChance?: (text: string) => string;
  /** When it runs natively; 0 unless it is said. */
  readonly exitCode?: number;
  /** qemu-user does not do it even natively: starting further programs, walking the stack of i386. */
  readonly isBeyondEmulation?: true;
}

export type Behaviours = { readonly [name: string]: Behaviour };

/** A behaviour's program has its name. */
const fileName = (behaviour: string): string => behaviour.replaceAll(/[^A-Za-z0-9_]+/g, "-");
const languageOf = (file: string): "c" | "cc" => (file.endsWith(".cc") ? "cc" : "c");
const usualFlags = ["-O1", "-g", "-pthread", "-Wall", "-Wextra", "-Werror"];

/** Where programs are linked with libraries: a fixed place, so that equal sources give equal commands. */
const linked = fileURLToPath(new URL("../../../build/programs/behaviour/", import.meta.url));

interface BuiltLibraries {
  readonly files: readonly string[];
  /** Arguments that link a program with them. */
  readonly arguments: readonly string[];
  readonly sources: readonly Source[];
}

/** The same for all forms of a system. */
async function buildLibraries(name: string, behaviour: Behaviour, of: SystemName): Promise<BuiltLibraries> {
  const { libraries = [], includes = [] } = behaviour;
  const directory = `${linked}${of}-${fileName(name)}`;
  mkdirSync(directory, { recursive: true });
  const files: string[] = [];
  const sources: Source[] = [];
  const link = ["-Wl,--enable-new-dtags,-rpath,$ORIGIN/../lib", "-Wl,--no-as-needed", `-L${directory}`];
  for (const { name, source, flags = [], isOpenedLater } of libraries) {
    const made: Source = {
      files: behaviourSources(source, ...includes),
      compiler: systems[of].compilers[languageOf(source)],
      flags: [...usualFlags, "-fPIC", "-shared", `-Wl,-soname,lib${name}.so`, ...flags],
      libraries: [...link],
      key: JSON.stringify([of, ...sources]),
    };
    files.push(await compile(`${directory}/lib${name}.so`, made));
    sources.push(made);
    if (!isOpenedLater) link.push(`-l${name}`);
  }
  return { files, arguments: files.length === 0 ? [] : link, sources };
}

/** Builds a program of a form into bin below `root`, its libraries into lib. */
async function build(store: Store, root: string, form: Form, name: string, behaviour: Behaviour): Promise<void> {
  const { program, includes = [], flags = [], linkedWith = [], edit } = behaviour;
  const built = await buildLibraries(name, behaviour, form.system);
  const file = await compile(`${temporaryDirectory()}/${fileName(name)}`, {
    files: behaviourSources(program, ...includes),
    compiler: form.compilers[languageOf(program)],
    flags: [...usualFlags, ...form.flags, ...flags],
    libraries: [...built.arguments, ...linkedWith],
    key: JSON.stringify([form.system, ...built.sources]),
  });
  if (edit !== undefined) writeFileSync(file, edit(readFileSync(file)));
  addFiles(store, `${root}/bin`, [file]);
  addFiles(store, `${root}/lib`, built.files);
}

/** The programs of a form. */
export interface Installed {
  /** The stores with the programs as they were compiled, and with those that are wrapped. */
  readonly original: Store;
  readonly wrapped: Store;
  /** The directory that bin and lib are in. */
  readonly root: string;
  /** The dynamic linker that they are wrapped for. */
  readonly interpreter: string;
  /** A program's path and arguments. */
  command(name: string): readonly [string, ...string[]];
  /** In a root that holds only the store; natively with links to where the program looks for what it needs. */
  run(name: string, options?: SandboxOptions): Promise<Ran>;
  runNatively(name: string, options?: SandboxOptions): Promise<Ran>;
  runUnwrapped(name: string, options?: SandboxOptions): Promise<Ran>;
}

/** Builds the behaviours in all their forms, and wraps them: two stores, the same files at the same paths. */
export async function install(behaviours: Behaviours): Promise<ReadonlyMap<FormName, Installed>> {
  const original = createStore();
  const wrapped = createStore();
  const names = [...new Set(Object.values(behaviours).flatMap(({ forms = x86_64Forms }) => forms))];
  const systemNames = [...new Set(names.map((name) => forms[name].system))];
  const added = new Map(systemNames.map((system) => [system, addSystem(original, system)]));
  const rootOf = (name: FormName) => packagePath(`tool-${names.indexOf(name)}`);
  for (const name of names) {
    const chosen = Object.entries(behaviours).filter(([_, { forms = x86_64Forms }]) => forms.includes(name));
    await inTwoLanes(chosen, ([program, behaviour]) => build(original, rootOf(name), forms[name], program, behaviour));
  }
  cpSync(original.directory, wrapped.directory, { recursive: true });

  const installed = new Map<FormName, Installed>();
  for (const name of names) {
    const { args, system: systemName }: Form = forms[name];
    const root = rootOf(name);
    const system = added.get(systemName);
    if (system === undefined) throw new Error(`${systemName} is not in the store`);
    const words = [root, "--interpreter", system.interpreter, "--libs", system.compilerLibraries, ...args];
    expect(await wrapBuddy(wrapped, words)).toMatchObject({ exitCode: 0, stderr: "" });
    const command = (program: string): readonly [string, ...string[]] => [
      `${root}/bin/${fileName(program)}`,
      ...(behaviours[program]?.arguments ?? []),
    ];
    const runFrom =
      (store: Store, links: (behaviour: Behaviour | undefined) => readonly string[]) =>
      (program: string, options?: SandboxOptions) => {
        const behaviour = behaviours[program];
        const environment = behaviour?.environment?.(root) ?? {};
        return runInStore(store, command(program), { environment, bwrap: links(behaviour), ...options });
      };
    installed.set(name, {
      original,
      wrapped,
      root,
      interpreter: system.interpreter,
      command,
      run: runFrom(wrapped, (behaviour) => (behaviour?.findsLibc ? system.libraryLink : [])),
      runNatively: runFrom(original, () => system.nativeLinks),
      runUnwrapped: runFrom(original, () => []),
    });
  }
  return installed;
}

interface AddedSystem {
  readonly interpreter: string;
  /** The directory of compilers' libraries. */
  readonly compilerLibraries: string;
  /** Arguments of bwrap: a link to the C library from where the dynamic linker looks for it. */
  readonly libraryLink: readonly string[];
  /** That link, and those to the dynamic linker and to compilers' libraries that native programs need. */
  readonly nativeLinks: readonly string[];
}

function addSystem(store: Store, name: SystemName): AddedSystem {
  const system = systems[name];
  const directory =
    name === "musl"
      ? addFiles(store, `${packagePath("musl")}/lib`, [system.interpreter])
      : addGlibc(store, name).directory;
  const interpreter = `${directory}/${basename(system.interpreter)}`;
  const gcc = addFiles(store, `${packagePath(`gcc-lib-${name}`)}/lib`, system.compilerLibraries);
  const libraryLink = ["--symlink", directory, system.libraryDirectory];
  const nativeLinks = [
    ...libraryLink,
    ...["--symlink", gcc, system.compilerDirectory],
    ...["--symlink", interpreter, system.interpreter],
  ];
  return { interpreter, compilerLibraries: gcc, libraryLink, nativeLinks };
}
