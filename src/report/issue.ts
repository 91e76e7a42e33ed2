// All that can be wrong with a request, an executable or its libraries. Types only.

import type { RequestIssue } from "../files/request-issue.ts";
import type { LibraryIssue } from "../linker/solve/library-issue.ts";
import type { PatchIssue } from "../patch/patch-issue.ts";

export type Issue = RequestIssue | LibraryIssue | PatchIssue;
