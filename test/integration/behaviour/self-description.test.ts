// What a program learns about itself: its headers, its addresses, its vectors, its names, its stack.

import { allForms, portableForms } from "./forms.ts";
import { testBehaviours } from "./natively-and-wrapped.ts";

const symbols = ["-rdynamic"];

testBehaviours({
  dl_iterate_phdr: {
    program: "self-description/program-headers.c",
    forms: portableForms,
    // In place one segment that is not written to grows into the rest of its last page.
    withoutChance: (text) => text.replaceAll(/(type 1 flags [45] .*) file \w+ memory \w+/g, "$1"),
  },
  dladdr: { program: "self-description/dladdr.c", flags: symbols, forms: allForms },
  "auxiliary vector": { program: "self-description/auxiliary-vector.c", forms: portableForms },
  "argv and environ": {
    program: "self-description/vectors.c",
    forms: portableForms,
    arguments: ["", "an argument", ""],
    environment: () => ({ EMPTY: "", VARIABLE: "a value" }),
  },
  mappings: { program: "self-description/mappings.c", forms: allForms },
  names: { program: "self-description/names.c", forms: portableForms, arguments: ["an argument", ""] },
  backtrace: { program: "self-description/backtrace.c", flags: symbols, forms: allForms, isBeyondEmulation: true },
});
