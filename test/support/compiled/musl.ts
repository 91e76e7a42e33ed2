// musl of every architecture: Debian's, whose headers and objects the compilers for glibc are given.

import { readdirSync } from "node:fs";
import { addFiles, type InstalledGlibc, packagePath, type Store } from "../roots/store.ts";
import { lld, type Source } from "./compile.ts";
import { debianRoot, type Machine, newerLinker } from "./machines.ts";

interface InstalledMusl {
  /** Its dynamic linker, which is its library, on this machine. */
  readonly linker: string;
  readonly headers: string;
  /** Start files, and the library by the name that programs need. */
  readonly libraries: string;
}

function installedMusl({ name }: Machine): InstalledMusl {
  const root = name === "x86_64" ? "" : debianRoot(name);
  const triple = readdirSync(`${root}/usr/include`).find((one) => one.startsWith(`${name}-linux-musl`));
  const linker = readdirSync(`${root}/usr/lib`).find((one) => one.startsWith("ld-musl-"));
  if (triple === undefined || linker === undefined) throw new Error(`${root} has no musl: run npm run setup`);
  return {
    linker: `${root}/usr/lib/${linker}`,
    headers: `${root}/usr/include/${triple}`,
    libraries: `${root}/usr/lib/${triple}`,
  };
}

/** riscv64's musl is newer than Debian 12's GNU ld, which ends by a signal when it reads it. */
function linkedFor({ name, compiler, flags, target }: Machine): Required<Pick<Source, "compiler" | "flags">> {
  if (name !== "riscv64") return { compiler, flags };
  return { compiler: lld.compiler, flags: [`--target=${target}`, newerLinker(name)] };
}

/** A source compiled for the machine and for musl: a shared library where its flags say so. */
export function forMusl(machine: Machine, source: Source): Source {
  const { linker, headers, libraries } = installedMusl(machine);
  const { flags = ["-O2"] } = source;
  const linkerName = linker.slice(linker.lastIndexOf("/") + 1);
  const begin = flags.includes("-shared") ? ["crti.o"] : ["Scrt1.o", "crti.o"];
  return {
    ...source,
    ...linkedFor(machine),
    flags: [
      ...linkedFor(machine).flags,
      // musl has no other long double there.
      ...(machine.name === "powerpc64le" ? ["-mlong-double-64"] : []),
      ...["-nostdinc", "-isystem", headers, "-nostdlib", `-Wl,--dynamic-linker=/lib/${linkerName}`],
      ...flags,
      ...begin.map((name) => `${libraries}/${name}`),
    ],
    libraries: [...(source.libraries ?? []), `-L${libraries}`, "-lc", "-lgcc", `${libraries}/crtn.o`],
    key: `musl ${machine.name}`,
  };
}

/** musl as a package of the store. */
export function addMusl(store: Store, machine: Machine): InstalledGlibc {
  const { linker } = installedMusl(machine);
  const directory = addFiles(store, `${packagePath(`musl-${machine.name}`)}/lib`, [linker]);
  return { directory, interpreter: `${directory}${linker.slice(linker.lastIndexOf("/"))}` };
}
