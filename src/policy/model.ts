// What can be said of a file before anything is planned for it. Types only.

/** Why a file is left alone. Nothing is skipped without one of these. */
export type SkipReason =
  | "not-elf" | "damaged" | "empty"
  | "shared-library" | "object-file" | "core-file" | "debug-file"
  | "static" | "static-pie" | "upx-packed" | "appimage" | "go-static"
  | "other-machine" | "other-os-abi" | "x32"
  | "no-interpreter-for-it" | "musl-without-interpreter"
  | "excluded" | "not-executable" | "special-file" | "unreadable"
  | "already-nix";

export type Eligibility =
  | { readonly kind: "eligible" }
  | { readonly kind: "skipped"; readonly reason: SkipReason; readonly detail?: string };
