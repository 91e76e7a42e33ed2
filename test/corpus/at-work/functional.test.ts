// The packages of ../packages/functional.json, at work.

import { testGroup } from "./group.ts";

testGroup("functional");
