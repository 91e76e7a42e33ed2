// From a request to what its executables load, and from where. Reads only.

import { textOfBytes } from "../../base/text.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import { readElfFile } from "../../files/read-file.ts";
import { programOf } from "../../linker/solve/resolve.ts";
import { toldOnce } from "../../linker/solve/told-once.ts";
import type { FoundInPlace } from "../../patch/in-place/read-in-place.ts";
import { interpreterIssue, type Original, originalElf, readOriginal } from "../../patch/original.ts";
import { issueOfDamage } from "../../planning/damaged-file.ts";
import { issuesOfOpened, openedByName } from "../../planning/opened-by-name.ts";
import type { Surroundings } from "../../planning/surroundings.ts";
import type { FileToInspect } from "../../planning/what-loads/file-to-inspect.ts";
import { inspectLoad } from "../../planning/what-loads/inspected-load.ts";
import type { InspectedLoad } from "../../planning/what-loads/inspected-load-facts.ts";
import type { Installed } from "../../planning/what-loads/installed.ts";
import { createLinkers, type Linkers } from "../../planning/what-loads/linkers.ts";
import { linkerPath } from "../../planning/what-loads/reference.ts";
import { type Question, whatLoads } from "../../planning/what-loads/what-loads.ts";
import type { WrapRequest } from "../../planning/wrap-request.ts";
import type { Issue } from "../../report/issue.ts";
import { severityOf } from "../../report/issues/all-issues.ts";
import { filesToInspect } from "./inspected-files.ts";
import type { FileState, InPlaceTexts, Inspection, InspectionReport } from "./inspection.ts";
import { sidecarFacts } from "./sidecar-facts.ts";

/** Looks at what is asked for. Expected trouble is in the report; what is thrown is a bug. */
export function inspect(request: WrapRequest, question: Question): InspectionReport {
  const { files, issues: before, surroundings } = filesToInspect(request);
  const linkerAt = createLinkers(request.storeDirectory);
  const inspected = files.map((file) => inspectFile(file, { surroundings, question, linkerAt }));
  const issues = [...before, ...toldOnce(inspected.flatMap((file) => file.issues))];
  return {
    files: inspected.flatMap(({ inspection }) => inspection ?? []),
    issues,
    ok: !issues.some((issue) => severityOf(issue) === "error"),
  };
}

interface Inspected {
  readonly inspection?: Inspection;
  readonly issues: readonly Issue[];
}

/** What the files of one run share. */
interface Run {
  readonly surroundings: Surroundings;
  readonly question: Question;
  readonly linkerAt: Linkers;
}

function inspectFile(file: FileToInspect, run: Run): Inspected {
  const { path } = file;
  const reading = readElfFile(path, (elf) => inspectElf(elf, file, run));
  switch (reading.kind) {
    case "read":
      return reading.result;
    case "damaged":
      return { issues: [issueOfDamage(path, reading.defect)] };
    case "unreadable":
      return { issues: [{ kind: "cannot-read", path, code: reading.code }] };
    default:
      return reading satisfies never;
  }
}

function inspectElf(current: ElfFile, { path, leftAlone }: FileToInspect, run: Run): Inspected {
  const { surroundings, linkerAt } = run;
  const { index, trees, request } = surroundings;
  const original = readOriginal(current, path);
  const isOriginal = original.kind === "wrapped" || run.question === "if-wrapped";
  const elf = isOriginal ? originalElf(current, original) : current;
  const program = programOf(elf, path, surroundings);
  const loader = whatLoads({ ...run, elf, path, program, original, leftAlone });
  const inspected =
    loader.installed && inspectLoad(loader.installed, { index, trees, ignoreMissing: request.ignoreMissing });
  const named = loader.installed && inspected ? namedBy(loader.installed, inspected.load) : [];
  const state = stateOf();
  const overwritten = interpreterIssue(current, path, original, "warning");
  return {
    inspection: {
      path,
      identity: elf.header,
      state,
      namedInterpreter: overwritten === undefined ? elf.interpreter() : undefined,
      needed: program.facts.needed,
      load: inspected?.load,
      named,
    },
    issues: [
      ...(overwritten === undefined ? [] : [overwritten]),
      ...loader.issues,
      ...(loader.replacesLoadIssues ? [] : (inspected?.issues ?? [])),
      ...issuesOfOpened(named, path, request.ignoreMissing),
    ],
  };

  function namedBy({ interpreter, program: installed }: Installed, load: InspectedLoad) {
    return openedByName({ elf, path, interpreter, program: () => installed, loaded: load.objects }, surroundings);
  }

  function stateOf(): FileState {
    if (original.kind === "damaged") return { kind: "broken", isInPlace: original.issue.kind !== "sidecar-damaged" };
    if (original.kind === "wrapped") return { kind: "wrapped", sidecar: factsOf(original) };
    if (original.kind === "in-place") return { kind: "in-place", texts: textsOf(original) };
    return leftAlone === undefined ? { kind: "foreign" } : { kind: "left-alone", ...leftAlone };
  }

  function factsOf(wrapped: Extract<Original, { readonly kind: "wrapped" }>) {
    const linker = linkerAt(linkerPath(textOfBytes(wrapped.sidecar.interpreter), program.origin));
    const interpreter = linker.kind === "loaded" ? linker.interpreter : undefined;
    return sidecarFacts(current, wrapped, { index, origin: program.origin, interpreter });
  }
}

function textsOf({ fields, unwritten, elf }: FoundInPlace): InPlaceTexts {
  const texts = fields.find(({ what }) => what === "texts");
  return {
    offset: texts?.offset ?? 0,
    size: texts?.written.length ?? 0,
    formerInterpreter: elf.interpreter(),
    isFinished: unwritten.length === 0,
  };
}
