// What can be said of a file before anything is planned for it. Types, and a list.

import type { ElfIdentity } from "../../elf/elf-file.ts";
import type { ElfDefect } from "../../elf/error.ts";

/** Why a file is left alone. Nothing is skipped without one of these. */
export const skipReasons = [
  "not-elf",
  "damaged",
  "empty",
  "shared-library",
  "object-file",
  "core-file",
  "debug-file",
  "static",
  "static-pie",
  "upx-packed",
  "appimage",
  "go-static",
  "other-machine",
  "other-os-abi",
  "other-c-library",
  "x32",
  /** It has needed entries but no PT_INTERP: most often a wrapped file that has lost its sidecar. */
  "dynamic-without-interpreter",
  "no-interpreter-for-it",
  "musl-without-interpreter",
  "excluded",
  "not-executable",
  /** Nobody can start it: data that looks like an executable. */
  "no-execute-bit",
  "special-file",
  "unreadable",
  "already-nix",
] as const;

export type SkipReason = (typeof skipReasons)[number];

/** Those of a file that does not even begin as an ELF file does. */
export const noElfReasons = ["not-elf", "empty", "special-file"] as const satisfies readonly SkipReason[];

export type NoElf = (typeof noElfReasons)[number];

/** Whether it is one of those. */
export function isNoElf(reason: SkipReason): reason is NoElf {
  return noElfReasons.some((one) => one === reason);
}

export type Eligibility =
  | { readonly kind: "eligible" }
  /** `detail` says what the reason was read off; `defect` is there when the reason is "damaged". */
  | { readonly kind: "skipped"; readonly reason: SkipReason; readonly detail?: string; readonly defect?: ElfDefect };

/** A kind of executable that there is a stub and a loader for. */
export type SupportedTarget = Pick<ElfIdentity, "machine" | "elfClass" | "byteOrder">;

/** What has to be known besides the file itself to say whether it is eligible. */
export interface EligibilityFacts {
  /** The targets that there are blobs for. */
  readonly supported: readonly SupportedTarget[];
  /** The store's directory, normally "/nix/store". */
  readonly storeDirectory: string;
}
