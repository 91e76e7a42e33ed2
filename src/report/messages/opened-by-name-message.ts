// What programs may open by name and would not find, of all files as one message. A question: a name in a file is no
// proof that it is opened.

import { groupBy } from "../../base/group-by.ts";
import { commonlyOpened, libraryOf, stemOf } from "../../linker/load/commonly-opened.ts";
import type { LibraryIssue } from "../../linker/solve/library-issue.ts";
import type { ReportContext } from "../context.ts";
import { nixpkgsAttributes } from "../nixpkgs/attributes.ts";
import { showSetting } from "../settings.ts";
import { listOf } from "../words.ts";
import { listSome } from "./list-some.ts";
import type { Message } from "./message.ts";
import { nixBuild } from "./nix-build.ts";

type OpenedByName = Extract<LibraryIssue, { readonly kind: "opened-by-name" }>;

/** One library, and who has its name. */
interface NamedLibrary {
  readonly name: string;
  readonly namedIn: readonly string[];
}

/** The libraries, those first that well-known programs end without, then as they were found. */
function librariesOf(issues: readonly OpenedByName[]): readonly NamedLibrary[] {
  const groups = groupBy(issues, ({ alternatives }) => libraryOf(alternatives[0] ?? ""));
  const libraries = groups.map((alike) => ({
    name: alike[0]?.alternatives[0] ?? "",
    namedIn: [...new Set(alike.map(({ neededBy }) => neededBy))],
  }));
  return libraries.sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ name }: NamedLibrary): number {
  const rank = commonlyOpened.findIndex(({ stem }) => stem === stemOf(name));
  return rank === -1 ? commonlyOpened.length : rank;
}

/** One message, or none. */
export function describeOpenedByName(issues: readonly OpenedByName[], context: ReportContext): readonly Message[] {
  const libraries = librariesOf(issues);
  const [first, ...others] = libraries;
  if (first === undefined) return [];
  const help = [helpFor(libraries, context)];
  if (others.length === 0) {
    return [
      {
        severity: "note",
        headline: `${listSome(first.namedIn, context)}: opens ${first.name} at run time? it would not be found`,
        details: openerOf(first),
        help,
      },
    ];
  }
  const details = libraries.map((library) => {
    const attribute = nixpkgsAttributes.get(library.name);
    const where = `${library.name}: named in ${listSome(library.namedIn, context)}, nixpkgs has it in ${attribute}`;
    return [where, ...openerOf(library)].join("; ");
  });
  const headline = `opened at run time? ${libraries.length} libraries that files name would not be found`;
  return [{ severity: "note", headline, details, help }];
}

function openerOf({ name }: NamedLibrary): readonly string[] {
  const known = commonlyOpened.find(({ stem }) => stem === stemOf(name));
  return known === undefined ? [] : [known.opener];
}

function attributesOf(libraries: readonly NamedLibrary[]): readonly string[] {
  return [...new Set(libraries.flatMap(({ name }) => nixpkgsAttributes.get(name) ?? []))];
}

function helpFor(libraries: readonly NamedLibrary[], { surface }: ReportContext): string {
  const attributes = attributesOf(libraries);
  const setting = showSetting("runtimeDependencies", surface);
  const one = libraries.length === 1;
  if (surface === "hook") {
    const ignored = `list ${one ? "it" : "what is not opened"} in ${showSetting("ignoreMissing", surface)}`;
    return `if so, add ${listOf(attributes)} to ${setting}; if not, ${ignored}`;
  }
  const directories = one ? "the directory that holds it" : "the directories that hold them";
  return `if so, give ${directories} with ${setting}; with Nix: ${setting} ${nixBuild(attributes)}`;
}

/** Libraries in the line for whoever does not ask for more. */
const mostNamed = 5;

/** All of it in one line, for the end of a build's log; undefined where there is nothing to say. */
export function summariseOpenedByName(issues: readonly OpenedByName[], context: ReportContext): string | undefined {
  const libraries = librariesOf(issues);
  if (libraries.length === 0) return undefined;
  const shown = libraries.slice(0, libraries.length === mostNamed + 1 ? mostNamed + 1 : mostNamed);
  const left = libraries.length - shown.length;
  const names = [...shown.map(({ name }) => name), ...(left === 0 ? [] : [`${left} others`])];
  const rest = left === 0 ? "" : ` (${showSetting("verbose", context.surface)} names all)`;
  const setting = showSetting("runtimeDependencies", context.surface);
  return `opens ${listOf(names)} at run time? add ${listOf(attributesOf(shown))} to ${setting}${rest}`;
}
