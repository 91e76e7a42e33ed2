// Run by vitest in every test file.

import { afterAll } from "vitest";
import { removeTemporaryDirectories } from "../temporary-directory.ts";

afterAll(removeTemporaryDirectories);
