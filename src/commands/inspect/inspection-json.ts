// What `wrap-buddy inspect` found out, as JSON: the data of its text.

import { issueToJson } from "../../report/json/issue-json.ts";
import { hex } from "../../report/words.ts";
import type { FileState, Inspection, InspectionReport, SidecarFacts } from "./inspection.ts";
import type { InspectionFileJson, InspectionJson } from "./inspection-schema.ts";

/** The report as a value that JSON can hold: addresses are hexadecimal strings. */
export function inspectionToJson(report: InspectionReport): InspectionJson {
  return {
    version: 1,
    ok: report.ok,
    files: report.files.map(fileToJson),
    issues: report.issues.map(issueToJson),
  };
}

/** The report as text: indented, with a newline at the end. */
export function renderInspectionJson(report: InspectionReport): string {
  return `${JSON.stringify(inspectionToJson(report), undefined, 2)}\n`;
}

function fileToJson({ path, identity, state, namedInterpreter, needed, load }: Inspection): InspectionFileJson {
  const { machine, elfClass, byteOrder } = identity;
  return {
    path,
    machine,
    elfClass,
    byteOrder,
    namedInterpreter,
    needed: [...needed],
    state: stateToJson(state),
    load:
      load === undefined
        ? undefined
        : {
            ...load,
            runPath: [...load.runPath],
            objects: [...load.objects],
            missing: load.missing.map((missing) => ({ ...missing, refused: [...missing.refused] })),
            opened: load.opened.map((opened) => ({ ...opened, alternatives: [...opened.alternatives] })),
          },
  };
}

function stateToJson(state: FileState): InspectionFileJson["state"] {
  return state.kind === "wrapped" ? { kind: "wrapped", sidecar: sidecarToJson(state.sidecar) } : { ...state };
}

function sidecarToJson(sidecar: SidecarFacts) {
  return {
    ...sidecar,
    runPath: [...sidecar.runPath],
    neededFirst: [...sidecar.neededFirst],
    neededLast: [...sidecar.neededLast],
    savedAddress: hex(sidecar.savedAddress),
  };
}
