// The form in which a family of issues is declared: its kinds, each with its severity, its words and its JSON.

import type * as z from "zod/mini";
import { type ReportContext, showPath } from "../context.ts";
import type { IssueFields } from "../json/fields.ts";
import type { Message } from "../messages/message.ts";
import type { Severity } from "../severity.ts";

/** The parts of a message that do not depend on its severity. */
export interface MessageText {
  readonly headline: string;
  readonly details: readonly string[];
  readonly help: readonly string[];
}

/** What is said of one kind. It has `words`, or `together` where all issues of the kind make common messages. */
export interface IssueEntry<One> {
  /** "as-found": the issue carries it. */
  readonly severity: Severity | "as-found";
  words?(issue: One, context: ReportContext): MessageText;
  together?(issues: readonly One[], context: ReportContext): readonly Message[];
}

type Words<One> =
  | { words(issue: One, context: ReportContext): MessageText }
  | { together(issues: readonly One[], context: ReportContext): readonly Message[] };

type Weight<One> = One extends { readonly severity: Severity }
  ? { readonly severity: "as-found" }
  : { readonly severity: Severity };

/** Makes the schema of its JSON. */
type SchemaOfKind<Kind extends string> = {
  readonly schema: (fields: IssueFields) => z.ZodMiniType<{ kind: Kind; severity: Severity }>;
};

type Entry<One, Kind extends string> = IssueEntry<One> & Words<One> & Weight<One> & SchemaOfKind<Kind>;

/** One entry for each kind of a family: every table says `satisfies IssueTable<Family>`. */
export type IssueTable<Family extends { readonly kind: string }> = {
  readonly [Kind in Family["kind"]]: Entry<Extract<Family, { readonly kind: Kind }>, Kind>;
};

/** A message whose headline begins with the path that it is about. Help that is undefined is left out. */
export function about(
  path: string,
  context: ReportContext,
  what: string,
  ...help: readonly (string | undefined)[]
): MessageText {
  return {
    headline: `${showPath(path, context)}: ${what}`,
    details: [],
    help: help.filter((line) => line !== undefined),
  };
}
