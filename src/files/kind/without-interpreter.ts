// Files that name no interpreter: static in one way or another, packed, a library, or wrapped by us with the sidecar
// lost.

import { recordsOf } from "../../elf/codec.ts";
import { DF_1_PIE, DT_DEBUG, ET_EXEC } from "../../elf/constants.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { readableNotes, readableSections } from "../../elf/optional-parts.ts";
import { roleOf } from "./executable-or-library.ts";
import { type Skipped, skip } from "./header-verdict.ts";

/** UPX's mark, "UPX!". */
const upxMagic = [0x55, 0x50, 0x58, 0x21];

/** Bytes after the program headers in which UPX's mark is looked for; it stands 4 bytes into the first record there. */
const upxRange = 256;

/** Why a file without PT_INTERP is left alone. `name` is its base name. Throws ElfError. */
export function judgeWithoutInterpreter(elf: ElfFile, name: string): Skipped {
  if (isUpxPacked(elf)) return skip("upx-packed", "unpack it with upx -d");
  const dynamic = elf.dynamic();
  const isPie = ((dynamic?.flags1 ?? 0n) & DF_1_PIE) !== 0n;
  const isExecutable = elf.header.type === ET_EXEC || isPie;
  const needed = dynamic?.needed ?? [];
  if (needed.length > 0) {
    const hasDebugSlot = dynamic?.entries.some(({ tag }) => tag === DT_DEBUG) ?? false;
    if (isExecutable || (hasDebugSlot && roleOf(elf, name).kind === "executable")) {
      return skip("dynamic-without-interpreter", `needs ${needed.join(", ")}`);
    }
    return skip("shared-library", "no interpreter");
  }
  if (!isExecutable) {
    const role = roleOf(elf, name);
    if (role.kind === "library") return skip("shared-library", role.why);
  }
  if (isGo(elf)) return skip("go-static");
  return skip(elf.header.type === ET_EXEC ? "static" : "static-pie");
}

/** Source: UPX, src/stub/src/include/linux.h, l_info: a checksum, then the mark, after the program headers. */
export function isUpxPacked(elf: ElfFile): boolean {
  const { programHeaderOffset, programHeaderCount } = elf.header;
  const start = programHeaderOffset + programHeaderCount * recordsOf(elf.header).programHeader.size;
  const bytes = elf.source.read(start, Math.min(upxRange, Math.max(elf.source.size - start, 0)), "UPX mark");
  return bytes.some((_, at) => upxMagic.every((byte, i) => bytes[at + i] === byte));
}

/** Go's linker leaves its build ID in a note, and always a section about the build. Source: Go cmd/link/internal/ld. */
function isGo(elf: ElfFile): boolean {
  if (readableNotes(elf).some(({ name }) => name === "Go")) return true;
  return readableSections(elf).some(({ name }) => name === ".go.buildinfo");
}
