// C++ exceptions, which find their way by the program headers of every object on the stack.

import { testBehaviours } from "./natively-and-wrapped.ts";

testBehaviours({
  exceptions: {
    program: "exceptions.cc",
    includes: ["thrown.h"],
    libraries: [
      { name: "thrown-inner", source: "thrown-inner.cc" },
      { name: "thrown-outer", source: "thrown-outer.cc" },
    ],
    exitCode: 9,
  },
});
