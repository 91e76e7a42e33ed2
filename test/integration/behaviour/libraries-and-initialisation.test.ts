// What a program does together with its libraries: thread-local storage, resolvers, the order of what runs before and
// after main, libraries opened later.

import { allForms, portableForms } from "./forms.ts";
import { testBehaviours } from "./natively-and-wrapped.ts";

testBehaviours({
  "thread-local storage": {
    program: "thread-local.c",
    libraries: [{ name: "thread-local", source: "thread-local-library.c" }],
    forms: portableForms,
  },
  "a megabyte of static thread-local storage": {
    program: "large-thread-local.c",
    libraries: [{ name: "large-thread-local", source: "large-thread-local-library.c" }],
    forms: portableForms,
  },
  "functions chosen by a resolver": {
    program: "indirect-functions.c",
    libraries: [{ name: "indirect", source: "indirect-functions-library.c" }],
    forms: allForms,
  },
  "constructors and destructors": {
    program: "order.c",
    libraries: [
      { name: "inner", source: "order-inner.c" },
      { name: "outer", source: "order-outer.c" },
    ],
    arguments: ["main"],
    forms: portableForms,
    exitCode: 5,
  },
  "threads before main": {
    program: "early-threads.c",
    libraries: [{ name: "early-threads", source: "early-threads-library.c" }],
    forms: portableForms,
  },
  "libraries opened later": {
    program: "open-libraries.c",
    flags: ["-rdynamic"],
    libraries: [{ name: "opened", source: "open-libraries-opened.c", isOpenedLater: true }],
    findsLibc: true,
    forms: allForms,
  },
  "an auditor": {
    program: "audited.c",
    libraries: [
      { name: "opened", source: "open-libraries-opened.c" },
      { name: "auditor", source: "auditor.c", isOpenedLater: true },
    ],
    findsLibc: true,
    environment: (root) => ({ LD_AUDIT: `${root}/lib/libauditor.so` }),
  },
});
