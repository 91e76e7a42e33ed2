// What is known of an inspected file besides its tree, as rows of a label and lines.

import type { InspectedLoad, Reference } from "../../planning/what-loads/inspected-load-facts.ts";
import { escapeControls, type ReportContext, showPath } from "../../report/context.ts";
import { tagNames } from "../../report/installed-words.ts";
import { countOf, hex } from "../../report/words.ts";
import type { InPlaceTexts, Inspection, SidecarFacts } from "./inspection.ts";

export interface FactRow {
  readonly label: string;
  readonly lines: readonly FactLine[];
}

export interface FactLine {
  readonly text: string;
  /** It names something that is not there. */
  readonly isMissing: boolean;
}

/** The rows of a file, in the order in which they are shown. */
export function factRows(inspection: Inspection, context: ReportContext): readonly FactRow[] {
  const { state, load, namedInterpreter, needed } = inspection;
  const named = namedInterpreter === undefined ? [] : [plain(escapeControls(namedInterpreter))];
  const own =
    state.kind === "wrapped"
      ? sidecarRows(state.sidecar, named, context)
      : [...row("interpreter", named), ...(state.kind === "in-place" ? textRows(state.texts) : [])];
  if (load === undefined) {
    const names = needed.map((name) => plain(showPath(name, context)));
    return [...own, ...row("needs", names)];
  }
  if (load.view === "if-wrapped") return [...own, ...loadRows(load, "new interpreter", "new run path")];
  if (state.kind === "wrapped") return own;
  const label = named.length === 0 ? "interpreter" : undefined;
  return [...own, ...loadRows(load, label, "run path")];
}

function textRows({ offset, size, formerInterpreter, isFinished }: InPlaceTexts): readonly FactRow[] {
  return [
    ...row("instead of", formerInterpreter === undefined ? [] : [plain(escapeControls(formerInterpreter))]),
    ...row("in place", [
      plain(`${countOf(size, "byte")} at file offset ${hex(offset)}`),
      ...(isFinished ? [] : [plain("not all is written: wrap it again to finish")]),
    ]),
  ];
}

function plain(text: string): FactLine {
  return { text, isMissing: false };
}

function row(label: string, lines: readonly FactLine[]): readonly FactRow[] {
  return lines.length === 0 ? [] : [{ label, lines }];
}

function loadRows(load: InspectedLoad, interpreterLabel: string | undefined, runPathLabel: string): readonly FactRow[] {
  return [
    ...(interpreterLabel === undefined ? [] : row(interpreterLabel, [plain(escapeControls(load.interpreter))])),
    ...runPathRow(runPathLabel, load),
  ];
}

function sidecarRows(sidecar: SidecarFacts, named: readonly FactLine[], context: ReportContext): readonly FactRow[] {
  const { path, size, version, naming, interpreter, neededFirst, neededLast } = sidecar;
  const found = naming === "absolute" ? "found by its absolute path" : "found beside the executable";
  return [
    {
      label: "sidecar",
      lines: [plain(showPath(path, context)), plain(`${countOf(size, "byte")}, version ${version}, ${found}`)],
    },
    ...(sidecar.isFinished ? [] : row("", [plain("its last write is missing: wrap it again to finish")])),
    { label: "interpreter", lines: [line(interpreter)] },
    ...row("instead of", named),
    ...runPathRow("run path", sidecar),
    ...pinRow(neededFirst),
    ...row(
      "added",
      neededLast.length === 0 ? [] : [plain(neededLast.map((name) => showPath(name, context)).join(" "))],
    ),
    { label: "saved", lines: [plain(describeSaved(sidecar))] },
    { label: "loader", lines: [describeLoader(sidecar)] },
  ];
}

/** How many libraries are named by their paths. The tree shows them; here only those that are gone. */
function pinRow(neededFirst: readonly Reference[]): readonly FactRow[] {
  const pins = neededFirst.filter(({ text }) => text.includes("/"));
  if (pins.length === 0) return [];
  const gone = pins.map((pin) => line(pin)).filter(({ isMissing }) => isMissing);
  return row("pinned", [plain(countOf(pins.length, "library", "libraries")), ...gone]);
}

function describeSaved({ savedSize, savedOffset, savedAddress }: SidecarFacts): string {
  return `${countOf(savedSize, "byte")} at file offset ${hex(savedOffset)}, address ${hex(savedAddress)}`;
}

function describeLoader({ loader }: SidecarFacts): FactLine {
  return loader.kind === "shared" ? line(loader.loader) : plain(`in the sidecar, ${countOf(loader.size, "byte")}`);
}

function runPathRow(
  label: string,
  { runPathTag, runPath }: Pick<InspectedLoad, "runPathTag" | "runPath">,
): readonly FactRow[] {
  if (runPathTag === undefined) return [];
  return [{ label, lines: [plain(tagNames[runPathTag]), ...runPath.map((entry) => line(entry))] }];
}

/** A name as it is written, which is what counts; one that has no path is searched for. */
function line({ text, path, isThere }: Reference): FactLine {
  return { text: escapeControls(text), isMissing: path !== undefined && !isThere };
}
