// Programs built with sanitizers: what these find and the stacks that they print. gcc's are libraries, clang's are in the
// program.

import type { Behaviour } from "./install.ts";
import { testBehaviours } from "./natively-and-wrapped.ts";

/** Process numbers, addresses and the directories of libraries differ from start to start, or from root to root. */
function withoutAddresses(text: string): string {
  return text
    .replace(/Shadow bytes around.*/s, "")
    .replaceAll(/==\d+==|pid=\d+|tid=\d+/g, "N")
    .replaceAll(/\(\/[^)]*\/([^/)]+\+0x[0-9a-f]+\))/g, "($1")
    .replaceAll(/(?<![+\w])0x[0-9a-f]+/g, "ADDRESS");
}

const found = (sanitizer: string, fault: string, exitCode: number): Behaviour => ({
  program: "mistakes/faults.c",
  flags: [`-fsanitize=${sanitizer}`],
  arguments: [fault],
  withoutChance: withoutAddresses,
  exitCode,
});

testBehaviours({
  "AddressSanitizer finds memory used after it is freed": found("address", "use after free", 1),
  "LeakSanitizer finds memory that is lost": found("address", "leak", 1),
  "UndefinedBehaviorSanitizer finds an overflow": found("undefined", "overflow", 0),
  "UndefinedBehaviorSanitizer ends a program": {
    ...found("undefined", "overflow", 1),
    environment: () => ({ UBSAN_OPTIONS: "halt_on_error=1:print_stacktrace=1" }),
  },
  "ThreadSanitizer finds a race": found("thread", "race", 66),
  "MemorySanitizer finds the use of a value that was never written": {
    ...found("memory", "", 1),
    program: "mistakes/uninitialised.c",
    // gcc has none.
    forms: ["with its dynamic array moved"],
  },
  "a program without faults, all memory watched": found("address", "none", 0),
  "a program without faults, all threads watched": found("thread", "none", 0),
});
