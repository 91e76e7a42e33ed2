// The values of a command whose --packages have become directories of --libs.

import { escapeControls } from "../../report/context.ts";
import { errorMessage } from "../../report/messages/message.ts";
import type { CommandIo } from "../output/io.ts";
import { writeMessages } from "../output/streams.ts";
import { buildPackages } from "./nix-packages.ts";

/** `values` with the store paths of the packages after --libs. Undefined where Nix has not built them, which is said. */
export async function withPackages<
  Values extends { readonly packages: readonly string[]; readonly libs: readonly string[] },
>(values: Values, io: CommandIo): Promise<Values | undefined> {
  const { packages, libs } = values;
  if (packages.length === 0) return values;
  const built = await buildPackages(packages, io.variables);
  if (built.kind === "built") return { ...values, libs: [...libs, ...built.directories] };
  const message = errorMessage(
    `--packages ${packages.map(escapeControls).join(" ")}: ${built.reason}`,
    "give directories with --libs instead, or names that nix build takes",
  );
  writeMessages([message], io);
  return undefined;
}
