// The shape of every issue in JSON, as a zod schema.

import * as z from "zod/mini";
import { allIssues } from "../issues/all-issues.ts";
import { issueFields } from "./fields.ts";

/** Of a sidecar's problem it has the words. */
export function issueSchema() {
  const [first, ...others] = Object.values(allIssues).map(({ schema }) => schema(issueFields));
  if (first === undefined) throw new Error("there is no kind of issue");
  return z.discriminatedUnion("kind", [first, ...others]);
}

export type IssueJson = z.infer<ReturnType<typeof issueSchema>>;
