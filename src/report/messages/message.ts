// One message, before it is coloured.

import type { Severity } from "../severity.ts";

/** One message: lower case, no full stops; `headline` begins with the path it is about. */
export interface Message {
  readonly severity: Severity;
  readonly headline: string;
  /** Lines below the headline, indented by two spaces, deeper ones by more. */
  readonly details: readonly string[];
  /** What to do about it: one line each. */
  readonly help: readonly string[];
}

/** An error that one line of help answers. */
export function errorMessage(headline: string, help: string): Message {
  return { severity: "error", headline, details: [], help: [help] };
}
