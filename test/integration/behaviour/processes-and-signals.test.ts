// Programs that start themselves again, and programs that are interrupted.

import { portableForms } from "./forms.ts";
import { testBehaviours } from "./natively-and-wrapped.ts";

const inStore = portableForms.filter(
  (form) => form !== "beside /proc/self/exe" && !form.endsWith("musl, its dynamic array moved"),
);

testBehaviours({
  "copying its own file to make another program, in the store": {
    program: "processes/copies-itself.c",
    arguments: ["/tmp/copy"],
    forms: inStore,
    isBeyondEmulation: true,
  },
  "copying its own file to start it from memory, in the store": {
    program: "processes/copies-itself.c",
    forms: inStore,
    isBeyondEmulation: true,
  },
  "starting itself again by /proc/self/exe": {
    program: "processes/run-itself.c",
    forms: portableForms,
    exitCode: 3,
    isBeyondEmulation: true,
  },
  "signal handlers, their stacks and long jumps": {
    program: "processes/signals.c",
    forms: portableForms,
    exitCode: 139,
  },
});
