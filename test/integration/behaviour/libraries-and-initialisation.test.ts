// What a program does together with its libraries: thread-local storage, resolvers, the order of what runs before and
// after main, libraries opened later.

import { allForms, portableForms } from "./forms.ts";
import { testBehaviours } from "./natively-and-wrapped.ts";

testBehaviours({
  "thread-local storage": {
    program: "libraries/thread-local.c",
    libraries: [{ name: "thread-local", source: "libraries/thread-local-library.c" }],
    forms: portableForms,
  },
  "a megabyte of static thread-local storage": {
    program: "libraries/large-thread-local.c",
    libraries: [{ name: "large-thread-local", source: "libraries/large-thread-local-library.c" }],
    forms: portableForms,
  },
  "functions chosen by a resolver": {
    program: "libraries/indirect-functions.c",
    libraries: [{ name: "indirect", source: "libraries/indirect-functions-library.c" }],
    forms: allForms,
  },
  "constructors and destructors": {
    program: "libraries/order.c",
    libraries: [
      { name: "inner", source: "libraries/order-inner.c" },
      { name: "outer", source: "libraries/order-outer.c" },
    ],
    arguments: ["main"],
    forms: portableForms,
    exitCode: 5,
  },
  "threads before main": {
    program: "libraries/early-threads.c",
    libraries: [{ name: "early-threads", source: "libraries/early-threads-library.c" }],
    forms: portableForms,
  },
  "libraries opened later": {
    program: "libraries/open-libraries.c",
    flags: ["-rdynamic"],
    libraries: [{ name: "opened", source: "libraries/open-libraries-opened.c", isOpenedLater: true }],
    findsLibc: true,
    forms: allForms,
  },
  "an auditor": {
    program: "libraries/audited.c",
    libraries: [
      { name: "opened", source: "libraries/open-libraries-opened.c" },
      { name: "auditor", source: "libraries/auditor.c", isOpenedLater: true },
    ],
    findsLibc: true,
    environment: (root) => ({ LD_AUDIT: `${root}/lib/libauditor.so` }),
  },
});
