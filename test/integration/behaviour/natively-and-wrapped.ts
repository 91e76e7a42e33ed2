// Each program run twice at the same path: natively, in a root in which the dynamic linker and the libraries are where
// programs look for them, and wrapped, in a root that holds only the store.

import { beforeAll, describe, expect, it } from "vitest";
import { failsToStart } from "../../support/compiled/program.ts";
import type { Ran } from "../../support/roots/sandbox.ts";
import { type FormName, x86_64Forms } from "./forms.ts";
import { type Behaviours, install } from "./install.ts";

/** A test for each behaviour and form: what the program prints and its exit status are those of the native run. */
export function testBehaviours(behaviours: Behaviours): void {
  const names = Object.keys(behaviours);
  let installed: Awaited<ReturnType<typeof install>>;

  beforeAll(async () => {
    installed = await install(behaviours);
  });

  describe.each(names)("%s: the same natively and wrapped", (name) => {
    const {
      forms = x86_64Forms,
      exitCode = 0,
      isBeyondEmulation = false,
      withoutChance = (text: string) => text,
    } = behaviours[name] ?? {};
    const fixed = (ran: Ran): Ran => ({
      ...ran,
      stdout: withoutChance(ran.stdout),
      stderr: withoutChance(ran.stderr),
    });

    const tagsOf = (form: FormName) => (isBeyondEmulation && form === "of i386" ? ["i386"] : []);

    for (const form of forms) {
      it(form, { tags: tagsOf(form) }, async () => {
        const programs = installed.get(form);
        if (programs === undefined) throw new Error(`${form} is not installed`);
        expect(failsToStart(await programs.runUnwrapped(name))).toBe(true);
        const native = fixed(await programs.runNatively(name));
        expect(native).toMatchObject({ exitCode, stdout: expect.stringMatching(/./) });
        expect(fixed(await programs.run(name))).toEqual(native);
      });
    }
  });
}
