// A run's outcome as JSON: the data of the text report, and nothing that only a reader of text needs.

import type { ElfDefect } from "../../elf/error.ts";
import type { WrapFacts } from "../../patch/file-plan.ts";
import type { Issue } from "../../report/issue.ts";
import { severityOf } from "../../report/severity.ts";
import { hex } from "../../report/words.ts";
import type { DefectJson, FactsJson, FileJson, IssueJson, ReportJson } from "./outcome-schema.ts";
import type { FileOutcome, RunOutcome } from "./run-outcome.ts";

/** The report as a value that JSON can hold: 64-bit numbers are hexadecimal strings. */
export function outcomeToJson(outcome: RunOutcome): ReportJson {
  return {
    version: 1,
    dryRun: outcome.dryRun,
    ok: outcome.ok,
    files: outcome.files.map(fileToJson),
    issues: outcome.issues.map(issueToJson),
  };
}

/** The report as text: indented, with a newline at the end. */
export function renderJson(outcome: RunOutcome): string {
  return `${JSON.stringify(outcomeToJson(outcome), undefined, 2)}\n`;
}

function fileToJson(file: FileOutcome): FileJson {
  switch (file.kind) {
    case "wrapped": {
      const { resolution, facts, ...rest } = file;
      return {
        ...rest,
        facts: factsToJson(facts),
        runPathReason: resolution.runPathReason,
        loadOrder: [...resolution.loadOrder],
      };
    }
    case "already-wrapped":
      return { ...file, facts: factsToJson(file.facts) };
    case "skipped": {
      const { defect: damage, ...rest } = file;
      return damage === undefined ? rest : { ...rest, defect: defectToJson(damage) };
    }
    case "failed":
    case "unchanged":
      return { ...file };
    default:
      return file satisfies never;
  }
}

function factsToJson(facts: WrapFacts): FactsJson {
  const { placement } = facts;
  return {
    ...facts,
    entry: hex(facts.entry),
    runPath: [...facts.runPath],
    neededFirst: [...facts.neededFirst],
    neededLast: [...facts.neededLast],
    placement: {
      ...placement,
      savedAddress: hex(placement.savedAddress),
      stubAddress: hex(placement.stubAddress),
    },
  };
}

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
    case "privileges-refused":
      return { ...issue, bits: [...issue.bits] };
    case "entry-outside-segments":
      return { ...issue, severity, entry: hex(issue.entry) };
    default:
      return { ...issue, severity };
  }
}

function defectToJson(defect: ElfDefect): DefectJson {
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
