// Programs that start themselves again, and programs that are interrupted.

import { allForms } from "./forms.ts";
import { testBehaviours } from "./natively-and-wrapped.ts";

testBehaviours({
  "copying its own file to make another program, in the store": {
    program: "copies-itself.c",
    arguments: ["/tmp/copy"],
    forms: allForms.filter((form) => form !== "beside /proc/self/exe"),
  },
  "starting itself again by /proc/self/exe": { program: "run-itself.c", forms: allForms, exitCode: 3 },
  "signal handlers, their stacks and long jumps": { program: "signals.c", forms: allForms, exitCode: 139 },
});
