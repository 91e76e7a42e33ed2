// The packages of ../packages/javascript.json, at work.

import { testGroup } from "./group.ts";

testGroup("javascript");
