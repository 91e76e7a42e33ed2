// The packages of ../packages/native.json, at work.

import { testGroup } from "./group.ts";

testGroup("native");
