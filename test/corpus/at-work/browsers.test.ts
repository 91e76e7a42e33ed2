// The packages of ../packages/browsers.json, at work.

import { testGroup } from "./group.ts";

testGroup("browsers");
