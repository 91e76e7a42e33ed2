// One object of a load order, and why it stands where it stands. Types only.

/** Why a library stands where it stands; `by` is the path of the object whose run path was used. */
export type Provenance =
  | { readonly kind: "executable" }
  | { readonly kind: "interpreter" }
  | { readonly kind: "absolute" }
  | { readonly kind: "rpath"; readonly by: string; readonly directory: string }
  | {
      readonly kind: "runpath";
      readonly by: string;
      readonly directory: string;
    }
  | { readonly kind: "default"; readonly directory: string };

/** One object of the load order, as ld.so will open it. */
export interface LoadedObject {
  /** The needed entry (or dlopen name) it was first asked for by. */
  readonly name: string;
  /** The path that ld.so opens: directory of the search + "/" + name, symlinks not resolved. */
  readonly path: string;
  readonly soname: string | undefined;
  /** Path of the first object that asks for it; undefined for the executable. */
  readonly neededBy: string | undefined;
  readonly provenance: Provenance;
}

/** Why an object is loaded from where it is. "pinned": an absolute path that wrapping put in front of the needed entries. */
export type InspectedProvenance = Provenance | { readonly kind: "pinned" };
