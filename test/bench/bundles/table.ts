// The results as the table of src/commands/bundle/README.md. Nothing in it is typed by hand: npm run bench puts it there, a
// test compares.

import { table } from "../table.ts";
import type { BundleResults, BundleWay } from "./results.ts";

/** What each way is. */
const described: { readonly [way in BundleWay]: string } = {
  "as installed": "as installed",
  "wrap-buddy bundle": "a bundle of this tool",
  patchelf: "patchelf, run paths by `$ORIGIN`, and a script that starts the dynamic linker",
  "by hand": "copies, and a script that starts the dynamic linker with `--library-path`",
  proot: "a store, and a script that starts proot with `-b …:/nix`",
};

export function bundlesTable({ ways }: BundleResults): string {
  const names = ways[0]?.programs.map(({ name }) => name) ?? [];
  const columns = names.flatMap((name) => [`${name}, MB`, `${name}, start-up`]);
  return table(
    ["way", ...columns, "what breaks it"],
    ways.map(({ way, programs, breaks }) => [
      described[way],
      ...programs.flatMap(({ bytes, toInstalled }) => [(bytes / 1e6).toFixed(1), toInstalled.toFixed(2)]),
      way === "as installed" ? "a machine without it" : breaks.length === 0 ? "nothing of these" : breaks.join(", "),
    ]),
  );
}
