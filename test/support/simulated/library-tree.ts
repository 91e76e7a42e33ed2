// Trees of small ELF files on disk, for tests of what a dynamic linker makes of them.

import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildElf, type ElfSpec } from "../elf/elf-builder.ts";

/** x86-64 code of a program that does nothing: exit_group(0). */
const exitCode = new Uint8Array([0x31, 0xff, 0xb8, 231, 0, 0, 0, 0x0f, 0x05]);

export type LibrarySpec = Omit<ElfSpec, "soname"> & { readonly soname?: string | null };

export interface LibraryTree {
  /** Absolute, without symbolic links. */
  readonly root: string;
  /**
   * A shared library; its DT_SONAME is its file name unless `spec` has one, or null for none. Returns its absolute
   * path.
   */
  library(path: string, spec?: LibrarySpec): string;
  /** An executable that exits with 0 once it has been loaded. Returns its absolute path. */
  executable(path: string, spec?: ElfSpec): string;
  text(path: string, content: string): string;
  directory(path: string): string;
  /** A symbolic link at `path` that says `target`. */
  link(path: string, target: string): string;
  at(path: string): string;
  remove(): void;
}

/** An empty tree in a new temporary directory. */
export function createLibraryTree(): LibraryTree {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "library-tree-")));
  const at = (path: string) => join(root, path);

  function place(path: string): string {
    mkdirSync(dirname(at(path)), { recursive: true });
    return at(path);
  }

  function write(path: string, content: string | Uint8Array): string {
    writeFileSync(place(path), content);
    return at(path);
  }

  return {
    root,
    at,
    library(path, spec = {}) {
      const { soname = path.slice(path.lastIndexOf("/") + 1), ...rest } = spec;
      return write(path, buildElf({ interpreter: null, ...(soname === null ? {} : { soname }), ...rest }).bytes);
    },
    executable(path, spec = {}) {
      const file = write(path, buildElf({ code: exitCode, ...spec }).bytes);
      chmodSync(file, 0o755);
      return file;
    },
    text: write,
    directory(path) {
      mkdirSync(at(path), { recursive: true });
      return at(path);
    },
    link(path, target) {
      symlinkSync(target, place(path));
      return at(path);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
