// Root wraps programs of another user that not everybody may execute: whoever could start one before, and only he, can
// start it afterwards, in every form and where it is replaced by a copy; verify says where that is not so.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../support/compiled/compile.ts";
import { createPrivilegedRoot, type PrivilegedRoot, runAsUser } from "../../support/roots/privileged-root.ts";
import { addFiles, addGlibc, packagePath } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const commandLine = new URL("../../../dist/cli/main.js", import.meta.url).pathname;
const loaderFile = new URL("../../../dist/blobs/x86_64/loader.bin", import.meta.url).pathname;
const fixture = readFileSync(new URL("../../fixtures/privileges/who.c", import.meta.url), "utf8");

const program = "/opt/tool/bin/who";
const outside = "/opt/other-name";
const loaderDirectory = `${packagePath("loader")}/lib`;
const alice = 4001;
/** Of a group of his own, which alice's programs may be given to. */
const bob = 4002;
const stranger = 4003;
const users = [alice, bob, stranger] as const;

const interpreter = `${packagePath("glibc-x86_64")}/lib/ld-linux-x86-64.so.2`;

let root: PrivilegedRoot;
beforeAll(async () => {
  root = await createPrivilegedRoot();
  expect(addGlibc(root.store).interpreter).toBe(interpreter);
  addFiles(root.store, `${packagePath("tool")}/bin`, [
    await compile(`${temporaryDirectory()}/who`, { files: { "who.c": fixture } }),
  ]);
  addFiles(root.store, loaderDirectory, [loaderFile]);
});

interface Owned {
  readonly mode: string;
  readonly owner: string;
  /** Who may start it. */
  readonly users: readonly number[];
}

const access: { readonly [title: string]: Owned } = {
  "that its owner only may execute": { mode: "700", owner: `${alice}:${alice}`, users: [alice] },
  "that its owner and a group may execute": { mode: "750", owner: `${alice}:${bob}`, users: [alice, bob] },
  "that a group only may execute": { mode: "610", owner: `${alice}:${bob}`, users: [bob] },
};

/** In the shell of root, whose directory is the root that programs are then started in, at the same path there. */
const wrap = (...words: readonly string[]) =>
  `${process.execPath} ${commandLine} $PWD/opt/tool --interpreter $PWD${interpreter} --no-gc-roots ${words.join(" ")}`;
const verify = `${process.execPath} ${commandLine} verify $PWD/opt/tool`;

const forms: { readonly [title: string]: readonly string[] } = {
  "a stub": [wrap("-q")],
  "a stub and a shared loader": [wrap("-q", "--loader-dir-path", `$PWD${loaderDirectory}`)],
  "all of it in place": [wrap("-q", "--form", "in-place")],
  "a stub, in a copy, because it has another name": [`ln .${program} .${outside}`, wrap("-q")],
  "a stub again, in another way": [wrap("-q"), wrap("-q", "--append-run-path", "/opt/lib")],
};

/** What came of it when each of them started the program, and verify after that. */
interface Looked {
  readonly starts: ReadonlyMap<number, string>;
  readonly verify: string;
  /** What root's commands said. */
  readonly preparation: string;
  /** Mode and owner of the executable. */
  readonly status: string;
}

/** Prepares alice's program as `owned`, runs root's commands, and has each of the users start it. */
async function look({ mode, owner }: Owned, commands: readonly string[]): Promise<Looked> {
  const { launcher } = root.launcher;
  const starts = users.map(
    (user) => `echo "== ${user}" && { .${launcher} chroot=. user=${user} -- ${program} 2>&1 | head -n 2; }`,
  );
  const setup = [
    'mkdir -p ".$PWD" && mount --bind . ".$PWD"',
    `mkdir -p .${program.replace("/who", "")} && cp .${packagePath("tool")}/bin/who .${program}`,
    `chown ${owner} .${program} && chmod ${mode} .${program}`,
    ...commands,
    ...starts,
    "echo == verify",
    `${verify} 2>&1 || true`,
    "echo == status",
    `stat -c '%a %u:%g' .${program}`,
    "echo == end",
  ];
  const ran = await runAsUser(root, [launcher], { setup });
  const parts = new Map(
    [...ran.stdout.matchAll(/^== (.*)\n([\s\S]*?)(?=^==)/gm)].map(([, name = "", text = ""]) => [name, text]),
  );
  return {
    starts: new Map(users.map((user) => [user, parts.get(`${user}`) ?? ran.stderr])),
    verify: parts.get("verify") ?? "",
    preparation: ran.stdout.split("\n== ")[0] ?? "",
    status: parts.get("status") ?? "",
  };
}

const greeting = (user: number) => expect.stringContaining(`user ${user} ${user}, group ${user} ${user}, secure 0\n`);

describe.each(Object.entries(access))("another user's program %s", { tags: ["users"] }, (_, owned) => {
  it("does not start before it is wrapped", async () => {
    const { starts } = await look(owned, []);
    for (const user of owned.users) expect(starts.get(user)).toContain("No such file or directory");
  });

  it.each(Object.entries(forms))("starts for them, and for nobody else, with %s", async (_, commands) => {
    const after = await look(owned, commands);
    for (const user of users) {
      const may = owned.users.includes(user);
      expect(after.starts.get(user)).toEqual(may ? greeting(user) : expect.stringContaining("Permission denied"));
    }
    expect(after.verify).toMatch(/who: fine, 1 library\n1 fine\n$/);
    expect(after.status).toBe(`${owned.mode} ${owned.owner}\n`);
  });

  it("is called broken where whoever may execute it may not read its sidecar", async () => {
    const sidecar = "./opt/tool/bin/.who.wrapbuddy";
    const looked = await look(owned, [wrap("-q"), `chown 0:0 ${sidecar} && chmod 400 ${sidecar}`]);
    for (const user of owned.users) expect(looked.starts.get(user)).toMatch(/^cannot load .*\/\.who\.wrapbuddy\n$/);
    expect(looked.verify).toContain("mode 400, but 444 is needed");
  });
});

describe("a user who may not give a new file to whom the program belongs", { tags: ["users"] }, () => {
  it.each([
    ["a group that he is not in", `${alice}:${bob}`, `its group is ${bob}, which user ${alice} is not in`, "chgrp"],
    ["another owner", `${bob}:${bob}`, `its owner is user ${bob}, to whom user ${alice} can give no file`, "sudo"],
  ])("is told what it is, and what to type: %s", async (_, owner, problem, word) => {
    const asAlice = `setpriv --reuid ${alice} --regid ${alice} --clear-groups`;
    const opened = "chmod 777 . ./opt ./opt/tool ./opt/tool/bin";
    const commands = [
      opened,
      ...["", " --form in-place"].map((form) => `${asAlice} ${wrap("-q")}${form} 2>&1 || true`),
    ];
    const { preparation, status } = await look({ mode: "755", owner, users }, commands);
    expect(preparation.split(problem)).toHaveLength(3);
    expect(preparation).toContain(
      `help: ${word === "sudo" ? "run it as that user or as root: sudo" : "give it a group of yours: chgrp"}`,
    );
    expect(status).toBe(`755 ${owner}\n`);
  });
});
