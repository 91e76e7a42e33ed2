// qemu-user: starts programs of other architectures, and 32-bit x86 programs where this machine's kernel starts none.

import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { repository } from "../repository.ts";
import { type GlibcName, hostPath, type Store, storeDirectory } from "../roots/store.ts";
import { hasCapability } from "../vitest/capabilities.ts";

const build = fileURLToPath(new URL("build/", repository));

const qemuNames: { readonly [name in GlibcName]?: string } = { powerpc64le: "ppc64le" };

/** The qemu for an architecture, on this machine. With page sizes: Debian 12's, whose -p sets what AT_PAGESZ says. */
export function emulator(name: GlibcName, hasPageSizes = false): string {
  const program = `qemu-${qemuNames[name] ?? name}`;
  const file = hasPageSizes ? `/usr/bin/${program}-static` : `${build}debian/qemu/usr/bin/${program}`;
  if (!existsSync(file)) throw new Error(`${file} is missing: run npm run setup`);
  return file;
}

/** Where a sandbox has it. */
export const emulatorPath = "/qemu";

/** A file of this machine that is an ELF file of i386. */
function isI386(file: string): boolean {
  if (!existsSync(file)) return false;
  const start = Buffer.alloc(20);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, start, 0, start.length, 0);
  } finally {
    closeSync(descriptor);
  }
  const EM_386 = 3;
  return start.toString("latin1", 0, 5) === "\x7fELF\x01" && start.readUInt16LE(18) === EM_386;
}

/**
 * The qemu by which a program of this machine's files has to be started, absent when its kernel starts it. What an
 * emulated program starts in its turn is not emulated.
 */
export function neededEmulator(file: string): string | undefined {
  return !hasCapability("i386") && isI386(file) ? emulator("i386") : undefined;
}

/** The same for a program of a store. */
export function neededEmulatorIn(store: Store, path: string): string | undefined {
  return path.startsWith(`${storeDirectory}/`) ? neededEmulator(hostPath(store, path)) : undefined;
}
