// The packages of ../packages/managed.json, at work.

import { testGroup } from "./group.ts";

testGroup("managed");
