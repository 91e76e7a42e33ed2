// The values of a command whose --packages have become directories of --libs.

import type { UsageIssue } from "../options/usage-message.ts";
import type { CommandIo } from "../output/io.ts";
import { buildPackages } from "./nix-packages.ts";

export type PackagedValues<Values> =
  | { readonly kind: "values"; readonly values: Values }
  | { readonly kind: "issue"; readonly issue: UsageIssue };

/** `values` with the store paths of the packages after --libs. */
export async function withPackages<
  Values extends { readonly packages: readonly string[]; readonly libs: readonly string[] },
>(values: Values, io: CommandIo): Promise<PackagedValues<Values>> {
  if (values.packages.length === 0) return { kind: "values", values };
  const built = await buildPackages(values.packages, io.variables);
  if (built.kind === "issue") return built;
  return { kind: "values", values: { ...values, libs: [...values.libs, ...built.directories] } };
}
