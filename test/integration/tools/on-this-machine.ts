// A tool of this machine at work on a program: natively, by this machine's own dynamic linker, and wrapped. Both are at the
// same path.

import { beforeAll } from "vitest";
import { type Ran, runBesideStore, type SandboxOptions } from "../../support/roots/sandbox.ts";
import type { FormName } from "../behaviour/forms.ts";
import { type Behaviours, type Installed, install } from "../behaviour/install.ts";

export interface BothRuns {
  readonly native: Ran;
  readonly wrapped: Ran;
}

/** The forms in which a tool could see a difference; without position independence there is less to find out. */
export const toolForms: readonly FormName[] = [
  "pinned",
  "beside /proc/self/exe",
  "with its dynamic array moved",
  "without position independence",
  "in place",
];

/** Installs programs before the tests of a file; the function gives those of a form. */
export function installedBefore(behaviours: Behaviours): (form: FormName) => Installed {
  let installed: ReadonlyMap<FormName, Installed>;
  beforeAll(async () => {
    installed = await install(behaviours);
  });
  return (form) => {
    const programs = installed.get(form);
    if (programs === undefined) throw new Error(`${form} is not installed`);
    return programs;
  };
}

/** Runs `tool` with a program's command after its own words, or around it. */
export async function bothRuns(
  { original, wrapped, command }: Installed,
  name: string,
  tool: (command: readonly [string, ...string[]]) => readonly [string, ...string[]],
  options: SandboxOptions = {},
): Promise<BothRuns> {
  const words = tool(command(name));
  return {
    native: await runBesideStore(original, words, { seconds: 60, ...options }),
    wrapped: await runBesideStore(wrapped, words, { seconds: 60, ...options }),
  };
}
