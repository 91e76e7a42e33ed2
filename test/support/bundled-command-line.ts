// The command line as a process of its own, bundled from the sources at hand.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { repository } from "./repository.ts";

const root = fileURLToPath(repository);

/**
 * Bundles the command line into `directory`/dist/cli/main.js and returns that path. There are no blobs beside it: it can say
 * what is wrong with a request, and wrap nothing.
 */
export async function bundleCommandLine(directory: string): Promise<string> {
  const outfile = `${directory}/dist/cli/main.js`;
  await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts"],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.12",
    outfile,
    logLevel: "error",
  });
  return outfile;
}
