// What `wrap-buddy inspect` found out, as JSON: the data of its text.

import { issueToJson } from "../../report/json/issue-to-json.ts";
import { jsonOf } from "../../report/json/json-of.ts";
import type { Inspection, InspectionReport } from "./inspection.ts";
import type { InspectionFileJson, InspectionJson } from "./inspection-schema.ts";

/** The report as a value that JSON can hold: addresses are hexadecimal strings. */
function inspectionToJson(report: InspectionReport): InspectionJson {
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

function fileToJson({ path, identity, state, namedInterpreter, needed, load, named }: Inspection): InspectionFileJson {
  const { machine, elfClass, byteOrder } = identity;
  return jsonOf({ path, machine, elfClass, byteOrder, namedInterpreter, needed, state, load, named });
}
