// How much an issue weighs. A type only.

/** "error": nothing is written. "warning": it goes on, and may not do what was meant. "note": worth knowing. */
export type Severity = "error" | "warning" | "note";
