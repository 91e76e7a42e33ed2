// C++ exceptions, which find their way by the program headers of every object on the stack.

import { testBehaviours } from "./natively-and-wrapped.ts";

testBehaviours({
  exceptions: {
    program: "exceptions/exceptions.cc",
    includes: ["exceptions/thrown.h"],
    libraries: [
      { name: "thrown-inner", source: "exceptions/thrown-inner.cc" },
      { name: "thrown-outer", source: "exceptions/thrown-outer.cc" },
    ],
    exitCode: 9,
  },
});
