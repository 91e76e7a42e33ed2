// Issues as JSON: 64-bit numbers are hexadecimal strings.

import type { ElfDefect } from "../../elf/error.ts";
import type { Issue } from "../issue.ts";
import { severityOf } from "../severity.ts";
import { hex } from "../words.ts";
import type { DefectJson, IssueJson } from "./issue-schema.ts";

/** One issue, with its severity. */
export function issueToJson(issue: Issue): IssueJson {
  const severity = severityOf(issue);
  switch (issue.kind) {
    case "damaged-elf":
      return { ...issue, severity, defect: defectToJson(issue.defect) };
    case "missing-library":
      return { ...issue, nearMisses: [...issue.nearMisses] };
    case "duplicate-soname":
      return { ...issue, notTaken: [...issue.notTaken] };
    case "dlopen-missing":
      return { ...issue, alternatives: [...issue.alternatives] };
    case "not-in-place":
      return { ...issue, severity, needed: [...issue.needed] };
    case "privileges-refused":
      return { ...issue, bits: [...issue.bits] };
    case "entry-outside-segments":
      return { ...issue, severity, entry: hex(issue.entry) };
    default:
      return { ...issue, severity };
  }
}

/** A defect of an ELF file. */
export function defectToJson(defect: ElfDefect): DefectJson {
  switch (defect.kind) {
    case "past-end-of-file":
      return { ...defect, end: hex(defect.end) };
    case "bad-value":
      return { ...defect, value: hex(defect.value) };
    case "unmapped-address":
      return { ...defect, address: hex(defect.address) };
    case "not-elf":
    case "bad-string":
      return { ...defect };
    default:
      return defect satisfies never;
  }
}
