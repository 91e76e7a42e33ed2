// The packages of ../packages/rust.json, at work.

import { testGroup } from "./group.ts";

testGroup("rust");
