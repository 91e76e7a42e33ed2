// Paths that are written into well-known programs: what the report says to give too is given, and they work. Nothing is set by
// hand: each is told by its own variable or option.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runBundled } from "../../support/roots/bundled-root.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { createStore } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

interface Report {
  readonly issues: readonly {
    readonly kind: string;
    readonly path: string;
    readonly give?: string;
    readonly told?: string;
  }[];
}

async function bundle(words: readonly string[]) {
  const output = join(temporaryDirectory(), "bundle");
  const ran = await wrapBuddy(createStore(), ["bundle", ...words, "--output", output, "--json"], { seconds: 120 });
  expect(ran).toMatchObject({ exitCode: 0 });
  const { issues }: Report = JSON.parse(ran.stdout);
  return { output, notGiven: issues.filter(({ kind }) => kind === "place-not-given") };
}

/** A shell, and the programs that its lines call. */
const shell = ["sh", "ls", "head", "tail"].map((name) => ["/bin/busybox", `/bin/${name}`] as const);

const netpbm = "printf 'P3\\n1 1\\n255\\n1 2 3\\n' > a.ppm";

it.each([
  {
    program: "/usr/bin/perl",
    told: ["PERL5LIB"],
    script: "perl -MPOSIX=floor -MJSON::PP -e 'print encode_json([floor(1.5)])'",
    said: "[1]",
  },
  {
    program: "/usr/bin/git",
    told: ["GIT_EXEC_PATH", "GIT_TEMPLATE_DIR"],
    script: "git init -q a; git clone -q /tmp/a b 2> c; ls b/.git/info",
    said: "exclude\n",
  },
  {
    program: "/usr/bin/gpg",
    told: ["--agent-program="],
    script: "gpg -q --batch --passphrase '' --quick-gen-key a@b.c 2> c; echo x | gpg -q -s > m 2> c; gpg -d m 2> c",
    said: "x\n",
  },
  {
    program: "/usr/bin/gdk-pixbuf-thumbnailer",
    told: ["GDK_PIXBUF_MODULE_FILE", "XDG_DATA_DIRS"],
    script: `${netpbm}; gdk-pixbuf-thumbnailer -s 8 a.ppm a.png 2> c; head -c 4 a.png | tail -c 3`,
    said: "PNG",
  },
])(
  "$program works with what its bundle's report says to give too, and not without",
  async ({ program, told, script, said }) => {
    const options = { isMusl: true, environment: { LC_ALL: "C" }, binds: shell };
    const words = ["/bin/sh", "-c", script] as const;
    const alone = await bundle([program]);
    expect(alone.notGiven.map((issue) => issue.told)).toEqual(expect.arrayContaining(told));
    expect((await runBundled(alone.output, words, options)).stdout).not.toBe(said);
    const give = alone.notGiven.flatMap((issue) => issue.give ?? []);
    expect(give.every((path) => existsSync(path))).toBe(true);
    const whole = await bundle([program, ...give]);
    expect(whole.notGiven).toEqual([]);
    expect((await runBundled(whole.output, words, options)).stdout).toBe(said);
  },
);
