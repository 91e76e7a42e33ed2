// Why a file with the right name is not taken.

import type { RejectionReason } from "../../linker/solve/library-issue.ts";

/** What a file is that has the right name and is not taken; a path stands before it. */
export const rejections: { readonly [Reason in RejectionReason]: string } = {
  "wrong-machine": "is for another machine",
  "wrong-class": "is of another class (32-bit or 64-bit)",
  "not-elf": "is not an ELF file",
  damaged: "is damaged",
  unreadable: "cannot be read",
  executable: "is an executable, which cannot be loaded as a library",
  "inexpressible-directory": "lies in a directory whose name a run path cannot hold (a colon or a $ token in it)",
  "for-glibc": "is for glibc",
  "for-musl": "is for musl",
  "for-bionic": "is for bionic, Android's C library",
};
