// Programs that start themselves again, and programs that are interrupted.

import { allForms } from "./forms.ts";
import { testBehaviours } from "./natively-and-wrapped.ts";

const inStore = allForms.filter((form) => form !== "beside /proc/self/exe");

testBehaviours({
  "copying its own file to make another program, in the store": {
    program: "copies-itself.c",
    arguments: ["/tmp/copy"],
    forms: inStore,
  },
  "copying its own file to start it from memory, in the store": { program: "copies-itself.c", forms: inStore },
  "starting itself again by /proc/self/exe": { program: "run-itself.c", forms: allForms, exitCode: 3 },
  "signal handlers, their stacks and long jumps": { program: "signals.c", forms: allForms, exitCode: 139 },
});
