// A simulated load as the tree that `inspect` shows: every object once, below the first that needs it.

import { baseName } from "../../base/path.ts";
import type { LinkedObject, Load, Lookup } from "../../linker/load/load-order.ts";
import type { InspectedProvenance } from "../../linker/load/provenance.ts";
import type { InspectedObject, MissingObject } from "./inspected-load-facts.ts";

/** The needed entries that wrapping adds, in front of the executable's own and after them. */
export interface AddedNames {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/**
 * The objects in load order. A pinned object is first asked for by the executable, which says nothing: it stands below
 * the object whose own needed entry names it.
 */
export function inspectObjects(load: Load, added: AddedNames): readonly InspectedObject[] {
  const pins = new Set(pinLookups(load, added));
  const pinned = new Set([...pins].flatMap(({ name, target }) => (name.startsWith("/") ? [target] : [])));
  return load.objects.map((object) => {
    const lookups = load.lookups.filter(({ target }) => target === object);
    const lookup = lookups.find((one) => !pins.has(one)) ?? lookups[0];
    const isMain = object === load.objects[0];
    return {
      name: lookup?.name ?? object.name,
      path: object.path,
      soname: object.facts.soname,
      neededBy: isMain ? undefined : (lookup?.by.path ?? object.loader?.path),
      isAdded: lookup !== undefined && isAddedLookup(lookup, load, added),
      provenance: provenanceOf(object, pinned.has(object)),
    };
  });
}

/**
 * The lookups that find nothing. A pinned path that is gone ends the load, whatever its name would lead to; so such a
 * path is there once, and the name after it, and a name in front that is only there to keep the order, are not.
 */
export function missingLookups(load: Load, added: AddedNames): readonly Lookup[] {
  const pins = new Set(pinLookups(load, added));
  const missing = load.lookups.filter(({ target }) => target === undefined);
  const isPinnedPath = (lookup: Lookup) => pins.has(lookup) && lookup.name.includes("/");
  const gone = new Set(missing.filter(isPinnedPath).map(({ name }) => baseName(name)));
  return missing.filter((lookup) => isPinnedPath(lookup) || (!pins.has(lookup) && !gone.has(lookup.name)));
}

/** A lookup that finds nothing, as it is shown. */
export function missingObject({ name, by, outcome }: Lookup): MissingObject {
  return {
    name,
    neededBy: by.path,
    refused: (outcome?.refused ?? []).map(({ path, reason, stopsLoad }) => ({ path, reason, endsLoad: stopsLoad })),
  };
}

/** The executable's needed entries are looked up in their order, those put in front first. */
function pinLookups({ objects, lookups }: Load, { first }: AddedNames): readonly Lookup[] {
  return lookups.filter(({ by }) => by === objects[0]).slice(0, first.length);
}

function isAddedLookup({ by, name }: Lookup, { objects }: Load, { last }: AddedNames): boolean {
  return by === objects[0] && last.includes(name);
}

function provenanceOf({ provenance }: LinkedObject, isPinned: boolean): InspectedProvenance {
  return isPinned && provenance.kind === "absolute" ? { kind: "pinned" } : provenance;
}
