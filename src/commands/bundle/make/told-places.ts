// What programs are told because they, or what they load, have a path of before in them that a variable or an option replaces.

import { isDirectory, readEntryNames } from "../../../base/directory-entries.ts";
import { groupBy } from "../../../base/group-by.ts";
import { baseName, directoryOf, isInside, joinPath, normalise } from "../../../base/path.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { unlessRefused } from "../../../base/system-error.ts";
import { readElfFile } from "../../../files/read-file.ts";
import type { BundleIssue } from "../bundle-issue.ts";
import type { Collection } from "../collect/collect.ts";
import type { CollectedExecutable } from "../collect/collected.ts";
import { type KnownPlace, knownPlaces } from "../collect/known-places.ts";
import { type Layout, placeOf } from "../collect/layout.ts";
import type { Escape } from "../escapes/escape.ts";
import { isOfMachine } from "../escapes/find-escapes.ts";

/** A known place that is on this machine. */
interface FoundPlace {
  readonly known: KnownPlace;
  /** The file that has it in itself, below the bundle's directory. */
  readonly place: string;
  /** Of before. */
  readonly path: string;
}

export interface ToldPlaces {
  /** What an executable, of which that is the path without symlinks, is told. Values have paths of before in them. */
  readonly of: (executable: string) => {
    readonly variables: readonly { readonly name: string; readonly value: string }[];
    readonly arguments: readonly string[];
  };
  readonly issues: readonly BundleIssue[];
}

/** What is in the bundle is told; of the rest it is said that it is not. What the request sets is not told again. */
export function toldPlaces(
  escapes: readonly Escape[],
  {
    executables,
    layout,
    variables,
    arguments: added,
  }: Pick<Collection, "layout" | "variables" | "arguments"> & {
    readonly executables: readonly Pick<CollectedExecutable, "path" | "loads">[];
  },
): ToldPlaces {
  const isAsked = ({ known: { told } }: FoundPlace): boolean => {
    if (told === "itself") return false;
    if ("variable" in told) return variables.some(({ name }) => name === told.variable);
    return added.some(({ value }) => value.startsWith(told.option));
  };
  const found = placesIn(layout, escapes).filter((one) => !isAsked(one));
  const trees = layout.trees();
  const isHere = ({ path }: FoundPlace): boolean => {
    const real = realPathOf(path) ?? path;
    // Of a directory the bundle may have a part.
    return trees.some((tree) => isInside(real, tree)) || (!isDirectory(real) && layout.contains(real));
  };
  const here = new Set(found.filter(isHere));
  const loadedBy = new Map<string, Set<string>>();
  for (const { path, loads } of executables) {
    for (const object of [path, ...loads]) {
      const place = placeOf(object);
      loadedBy.set(place, (loadedBy.get(place) ?? new Set()).add(path));
    }
  }
  return {
    of(executable) {
      // Of a plug-in it is not known who opens it.
      const own = [...here].filter(({ place }) => loadedBy.get(place)?.has(executable) ?? true);
      return { variables: variablesOf(own), arguments: own.flatMap(argumentOf) };
    },
    issues: found.filter((one) => !here.has(one) && isLookedForElsewhere(one)).map(notGiven),
  };
}

/** What is in /etc is mostly meant to be the other machine's. */
function isLookedForElsewhere({ known, path }: FoundPlace): boolean {
  return known.isOfMachine === true || !isOfMachine(path);
}

function notGiven({ known: { told }, place, path }: FoundPlace): BundleIssue {
  const real = realPathOf(path) ?? path;
  const isGivenItself = isDirectory(real) || readElfFile(real, () => true).kind === "read";
  const give = isGivenItself ? path : directoryOf(real);
  if (told === "itself") return { kind: "place-not-given", path, by: place, give };
  return { kind: "place-not-given", path, by: place, give, told: "variable" in told ? told.variable : told.option };
}

/** All that are on this machine, in the order of the table. */
function placesIn(layout: Pick<Layout, "files">, escapes: readonly Escape[]): readonly FoundPlace[] {
  const texts = new Map(groupBy(escapes, ({ place }) => place).map((group) => [group[0]?.place, group]));
  const found = layout.files().flatMap((file) => {
    const name = baseName(file);
    const place = placeOf(file);
    return knownPlaces
      .filter((known) => known.in.test(name))
      .flatMap((known) => pathsOf(known, file, texts.get(place) ?? []).map((path) => ({ known, place, path })));
  });
  return found
    .filter(({ path }) => realPathOf(path) !== undefined)
    .sort((a, b) => knownPlaces.indexOf(a.known) - knownPlaces.indexOf(b.known));
}

function pathsOf({ in: name, found }: KnownPlace, file: string, escapes: readonly Escape[]): readonly string[] {
  if ("beside" in found) {
    const [, group = ""] = name.exec(baseName(file)) ?? [];
    const beside = found.beside.replace("$1", group).replace("$0", baseName(directoryOf(file)));
    return [normalise(joinPath(directoryOf(file), beside))];
  }
  const named = escapes.flatMap(({ text }) => (found.text.test(text) ? [text] : []));
  if (!("entry" in found)) return named.map((text) => normalise(text + (found.adds ?? "")));
  return named.flatMap((directory) => {
    const [one, ...others] = unlessRefused(() => readEntryNames(directory), []).filter((entry) =>
      found.entry.test(entry),
    );
    return one === undefined || others.length > 0 ? [] : [joinPath(directory, one)];
  });
}

function toldPath({ known: { tells }, path }: FoundPlace): string {
  return tells === undefined ? path : normalise(joinPath(path, tells));
}

function variablesOf(places: readonly FoundPlace[]): readonly { readonly name: string; readonly value: string }[] {
  const values = new Map<string, { readonly texts: Set<string>; readonly separator: string }>();
  for (const found of places) {
    const { told, before = "", separator = ":" } = found.known;
    if (told === "itself" || !("variable" in told)) continue;
    const { texts } = values.get(told.variable) ?? { texts: new Set() };
    values.set(told.variable, { texts: texts.add(before + toldPath(found)), separator });
  }
  return [...values].map(([name, { texts, separator }]) => ({ name, value: [...texts].join(separator) }));
}

function argumentOf(found: FoundPlace): readonly string[] {
  const { told } = found.known;
  return told !== "itself" && "option" in told ? [told.option + toldPath(found)] : [];
}
