// Why a sidecar cannot be used. Types only.

/** What is wrong with a sidecar: data only, src/report/ has the words. Sizes in bytes. */
export type SidecarProblem =
  | { readonly kind: "absent" }
  /** `code`: the name of the system call's error. */
  | { readonly kind: "unreadable"; readonly code: string }
  /** The stub names a path where only a name may stand. */
  | { readonly kind: "name-is-path" }
  | { readonly kind: "of-another-executable" }
  /** Nothing at the executable's entry point uses it. */
  | { readonly kind: "no-stub" }
  /** The bytes that would be restored are a stub's. */
  | { readonly kind: "saved-stub" }
  /** The file has another name elsewhere, with a sidecar of other bytes. */
  | { readonly kind: "differs-from-other-name" }
  | { readonly kind: "shorter-than-header"; readonly size: number }
  | { readonly kind: "saved-past-end" }
  | { readonly kind: "no-room-for-extension" }
  | { readonly kind: "no-extension" }
  | { readonly kind: "other-version"; readonly version: number; readonly wanted: number }
  | { readonly kind: "check-differs" }
  | { readonly kind: "size-past-end" }
  | { readonly kind: "name-without-nul" };
