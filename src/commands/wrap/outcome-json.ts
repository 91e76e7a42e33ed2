import type { WrapFacts } from "../../patch/file-plan.ts";
import { defectToJson, issueToJson } from "../../report/json/issue-json.ts";
import { hex } from "../../report/words.ts";
import type { FactsJson, FileJson, ReportJson } from "./outcome-schema.ts";
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
    case "in-place": {
      const { resolution, facts, ...rest } = file;
      return {
        ...rest,
        facts: { ...facts, runPath: [...facts.runPath] },
        runPathReason: resolution.runPathReason,
        loadOrder: [...resolution.loadOrder],
      };
    }
    case "already-in-place":
      return { ...file, facts: { ...file.facts, runPath: [...file.facts.runPath] } };
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
