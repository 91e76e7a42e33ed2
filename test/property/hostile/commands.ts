// The commands as the command line carries them out: each ends with a report, as text and as JSON.

import { inspect } from "../../../src/commands/inspect/inspect.ts";
import { renderInspectionJson } from "../../../src/commands/inspect/inspection-json.ts";
import { renderInspection } from "../../../src/commands/inspect/inspection-text.ts";
import { unwrap } from "../../../src/commands/unwrap/unwrap.ts";
import { renderUnwrapJson } from "../../../src/commands/unwrap/unwrap-json.ts";
import type { UnwrapReport, UnwrapRequest } from "../../../src/commands/unwrap/unwrap-report.ts";
import { renderUnwrapReport } from "../../../src/commands/unwrap/unwrap-text.ts";
import { verify } from "../../../src/commands/verify/verify.ts";
import { renderVerifyJson } from "../../../src/commands/verify/verify-json.ts";
import type { VerifyReport, VerifyRequest } from "../../../src/commands/verify/verify-report.ts";
import { renderVerifyReport } from "../../../src/commands/verify/verify-text.ts";
import { renderJson } from "../../../src/commands/wrap/outcome-json.ts";
import { renderOutcome } from "../../../src/commands/wrap/outcome-text.ts";
import { run } from "../../../src/commands/wrap/run.ts";
import type { RunOutcome } from "../../../src/commands/wrap/run-outcome.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";
import { plainPaint } from "../../../src/report/colour.ts";
import type { RenderedReport, RenderOptions } from "../../../src/report/render.ts";

const options: RenderOptions = {
  context: { surface: "cli", shownRoots: [] },
  verbosity: 2,
  paint: plainPaint,
  errorPaint: plainPaint,
};

/** What a terminal would take for more than a character: C0 except newlines, DEL, C1. */
const isControl = (code: number): boolean => (code < 0x20 && code !== 0x0a) || (code >= 0x7f && code < 0xa0);

/** Throws where bytes of a file reach a terminal that obeys them, or forge a line, or where the report is no JSON. */
function check({ stdout, stderr }: RenderedReport, json: string): void {
  const odd = stderr
    .split("\n")
    .find((line) => line !== "" && !/^(wrap-buddy: (error|warning|note): | {2})/.test(line));
  if (odd !== undefined) throw new Error(`a line of its own: ${JSON.stringify(odd)}`);
  for (const text of [stdout, stderr]) {
    for (let at = 0; at < text.length; at++) {
      if (isControl(text.charCodeAt(at))) throw new Error(`a control character in ${JSON.stringify(text)}`);
    }
  }
  JSON.parse(json);
}

export function wrapAndReport(request: WrapRequest): RunOutcome {
  const outcome = run(request);
  check(renderOutcome(outcome, options), renderJson(outcome));
  return outcome;
}

export function inspectAndReport(request: WrapRequest): void {
  const report = inspect(request, "as-it-is");
  check(renderInspection(report, options), renderInspectionJson(report));
}

export function verifyAndReport(request: VerifyRequest): VerifyReport {
  const report = verify(request);
  check(renderVerifyReport(report, options), renderVerifyJson(report));
  return report;
}

export function unwrapAndReport(request: UnwrapRequest): UnwrapReport {
  const report = unwrap(request);
  check(renderUnwrapReport(report, options), renderUnwrapJson(report));
  return report;
}
