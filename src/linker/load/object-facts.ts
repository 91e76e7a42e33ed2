// What one ELF file tells a dynamic linker, gathered from its dynamic array. No search, no policy.

import { DT_VERDEF } from "../../elf/constants.ts";
import type { ElfFile, VersionNeed } from "../../elf/elf-file.ts";
import type { ElfDefect } from "../../elf/error.ts";
import { defectOf, unlessDamaged } from "../../elf/optional-parts.ts";
import { type DlopenNote, readDlopenNotes } from "./dlopen-note.ts";

/** DT_FLAGS_1: no default directories for this object's needed entries. */
const DF_1_NODEFLIB = 0x800n;

export interface ObjectFacts {
  readonly soname: string | undefined;
  /** DT_NEEDED, as written. */
  readonly needed: readonly string[];
  /** DT_RPATH, as written; undefined where a DT_RUNPATH beside it makes it void. */
  readonly rpath: string | undefined;
  /** DT_RUNPATH, as written. */
  readonly runpath: string | undefined;
  /** DF_1_NODEFLIB: the default directories are not searched for what this object needs. */
  readonly skipsDefaultDirectories: boolean;
  readonly versionNeeds: readonly VersionNeed[];
  readonly versionDefinitions: readonly string[];
  /** False for a library without DT_VERDEF: it satisfies every version, as glibc has it. */
  readonly hasVersionDefinitions: boolean;
  /** What glibc ends a program for that has such an object. */
  readonly versionDefect?: ElfDefect;
  readonly dlopenNotes: readonly DlopenNote[];
}

/**
 * The one damage in DT_VERNEED that glibc looks for: a structure version that is not 1. Whatever else is wrong there it
 * does not see, and a program may start with it: musl reads no versions at all.
 * Source: glibc elf/dl-version.c, _dl_check_map_versions.
 */
export function refusedVersions(elf: ElfFile): ElfDefect | undefined {
  const defect = defectOf(elf.versionNeeds);
  return defect?.kind === "bad-value" && defect.field === "vn_version" ? defect : undefined;
}

/**
 * Reads all of them. Throws ElfError for a damaged dynamic array or string. Damaged version tables count as empty.
 * Source: glibc elf/get-dynamic-info.h for DT_RPATH beside DT_RUNPATH.
 */
export function readObjectFacts(elf: ElfFile): ObjectFacts {
  const dynamic = elf.dynamic();
  const versionDefect = refusedVersions(elf);
  return {
    soname: dynamic?.soname,
    needed: dynamic?.needed ?? [],
    rpath: dynamic?.runpath === undefined ? dynamic?.rpath : undefined,
    runpath: dynamic?.runpath,
    skipsDefaultDirectories: ((dynamic?.flags1 ?? 0n) & DF_1_NODEFLIB) !== 0n,
    versionNeeds: unlessDamaged(elf.versionNeeds, []),
    versionDefinitions: unlessDamaged(elf.versionDefinitions, []),
    hasVersionDefinitions: dynamic?.entries.some((entry) => entry.tag === DT_VERDEF) ?? false,
    dlopenNotes: readDlopenNotes(elf),
    ...(versionDefect === undefined ? {} : { versionDefect }),
  };
}
