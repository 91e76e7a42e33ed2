// The commands as the command line carries them out: each ends with a report, as text and as JSON.

import { inspect } from "../../../src/inspect/inspect.ts";
import type { RunOutcome } from "../../../src/outcome.ts";
import { run } from "../../../src/pipeline.ts";
import { plainPaint } from "../../../src/report/colour.ts";
import { renderInspectionJson } from "../../../src/report/inspection-json.ts";
import { renderInspection } from "../../../src/report/inspection-text.ts";
import { renderJson } from "../../../src/report/json.ts";
import { type RenderedReport, type RenderOptions, renderOutcome } from "../../../src/report/render.ts";
import { renderUnwrapJson } from "../../../src/report/unwrap-json.ts";
import { renderUnwrapReport } from "../../../src/report/unwrap-text.ts";
import { renderVerifyJson } from "../../../src/report/verify-json.ts";
import { renderVerifyReport } from "../../../src/report/verify-text.ts";
import type { WrapRequest } from "../../../src/request.ts";
import type { UnwrapReport, UnwrapRequest } from "../../../src/unwrap/model.ts";
import { unwrap } from "../../../src/unwrap/unwrap.ts";
import type { VerifyReport, VerifyRequest } from "../../../src/verify/model.ts";
import { verify } from "../../../src/verify/verify.ts";

const options: RenderOptions = {
  context: { surface: "cli", shownRoots: [] },
  verbosity: 2,
  paint: plainPaint,
  errorPaint: plainPaint,
};

/** What a terminal would take for more than a character: C0 but for newlines, DEL, C1. */
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
