// The report of wrapping as JSON.

import type { Resolution } from "../../linker/solve/resolution.ts";
import { issueToJson } from "../../report/json/issue-to-json.ts";
import { jsonOf } from "../../report/json/json-of.ts";
import type { FileJson, ReportJson } from "./outcome-schema.ts";
import type { FileOutcome, RunOutcome } from "./run-outcome.ts";

/** The report as a value that JSON can hold: 64-bit numbers are hexadecimal strings. */
export function outcomeToJson(outcome: RunOutcome): ReportJson {
  return {
    version: 1,
    dryRun: outcome.dryRun,
    ok: outcome.ok,
    files: outcome.files.map(fileToJson),
    ...(outcome.gcRoots === undefined
      ? {}
      : {
          gcRoots: outcome.gcRoots.map(({ storePaths, added, removed, ...rest }) => ({
            ...rest,
            storePaths: [...storePaths],
            added: [...added],
            removed: [...removed],
          })),
        }),
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
      return jsonOf({ ...rest, facts, ...resolved(resolution) });
    }
    case "in-place": {
      const { resolution, facts, ...rest } = file;
      return jsonOf({ ...rest, facts, ...resolved(resolution) });
    }
    default:
      return jsonOf(file);
  }
}

/** The rest of what was resolved is in the facts. */
function resolved({ runPathReason, loadOrder }: Resolution): Pick<Resolution, "runPathReason" | "loadOrder"> {
  return { runPathReason, loadOrder };
}
