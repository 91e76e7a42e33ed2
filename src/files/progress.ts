// How far a run is, for whoever waits for it. Types only.

/** "find": the trees are walked. "look": each ELF file is read. "plan" and "write": each gets its plan, and is written. */
export type ProgressPhase = "find" | "look" | "plan" | "write";

/**
 * Told of every file when a phase is done with it. `bytes`: the file's size, 0 where it is not known. `of`: how many
 * files the phase has; undefined while that is not known.
 */
export type OnProgress = (phase: ProgressPhase, bytes: number, of: number | undefined) => void;
