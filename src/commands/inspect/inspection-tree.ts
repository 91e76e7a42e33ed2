// The tree of what a file loads, as lines with columns.

import { baseName } from "../../base/path.ts";
import type { LibraryIssue } from "../../linker/solve/library-issue.ts";
import type { InspectedLoad, InspectedObject, MissingObject } from "../../planning/what-loads/inspected-load-facts.ts";
import { escapeControls, type ReportContext, showPath } from "../../report/context.ts";
import { describeProvenance } from "../../report/installed-words.ts";
import { rejections } from "../../report/messages/rejection-words.ts";

/** One line, its columns not yet padded. */
export interface TreeLine {
  /** Position in the load order; undefined for what is not loaded. */
  readonly order: number | undefined;
  /** What draws the branches. */
  readonly branch: string;
  readonly name: string;
  /** Why it is loaded from where it is, or what is wrong. */
  readonly how: string;
  /** Where it is. */
  readonly where: string;
  readonly weight: "ordinary" | "warning" | "error";
}

type MissingVersion = Extract<LibraryIssue, { readonly kind: "missing-version" }>;

/** Below the file itself, which has no line: each object below the first that needs it. */
export function treeLines(
  load: InspectedLoad,
  issues: readonly LibraryIssue[],
  context: ReportContext,
): readonly TreeLine[] {
  const [root] = load.objects;
  if (root === undefined) return [];
  const orders = new Map(load.objects.map((object, order) => [object, order]));
  const gaps = issues.filter((issue) => issue.kind === "missing-version");
  // Two objects can have one path: a dynamic linker with another soname than its file's is loaded once more by that.
  const shown = new Set([root]);

  function childrenOf(path: string): readonly InspectedObject[] {
    const children = load.objects.filter((object) => object.neededBy === path && !shown.has(object));
    for (const child of children) shown.add(child);
    return children;
  }

  function below(path: string, indent: string): readonly TreeLine[] {
    const entries: readonly ((branch: string, indent: string) => readonly TreeLine[])[] = [
      ...gaps.filter(({ neededBy }) => neededBy === path).map((gap) => (branch: string) => [gapLine(gap, branch)]),
      ...childrenOf(path).map((object) => (branch: string, deeper: string) => [
        objectLine(object, orders.get(object), branch, context),
        ...below(object.path, deeper),
      ]),
      ...load.missing
        .filter(({ neededBy }) => neededBy === path)
        .map((missing) => (branch: string) => [missingLine(missing, branch, context)]),
    ];
    return entries.flatMap((entry, at) =>
      at === entries.length - 1 ? entry(`${indent}└─ `, `${indent}   `) : entry(`${indent}├─ `, `${indent}│  `),
    );
  }

  return below(root.path, "");
}

function objectLine(
  { name, path, provenance, isAdded }: InspectedObject,
  order: number | undefined,
  branch: string,
  context: ReportContext,
): TreeLine {
  // As short as it can be: the names of objects stand in the tree, with their paths.
  const how = describeProvenance(provenance, (by) => showPath(baseName(by), context));
  return {
    order,
    branch,
    name: showPath(name, context),
    how: isAdded ? `${how}, added` : how,
    where: showPath(path, context),
    weight: "ordinary",
  };
}

function missingLine({ name, refused }: MissingObject, branch: string, context: ReportContext): TreeLine {
  const files = refused.map(({ path, reason, endsLoad }) => {
    const end = endsLoad ? ", and the search ends there" : "";
    return `${showPath(path, context)} ${rejections[reason]}${end}`;
  });
  return {
    order: undefined,
    branch,
    name: showPath(name, context),
    how: "not found",
    where: files.join("; "),
    weight: "error",
  };
}

function gapLine({ version, library, newestProvided, severity }: MissingVersion, branch: string): TreeLine {
  return {
    order: undefined,
    branch,
    name: escapeControls(`${version} of ${library}`),
    how: "not provided",
    where: newestProvided === undefined ? "" : escapeControls(`it has up to ${newestProvided}`),
    weight: severity,
  };
}
