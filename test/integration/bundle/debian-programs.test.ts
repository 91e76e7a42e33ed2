// Debian's programs, foreign to every other system, do their work in a root with another C library: read-only, for a user
// without rights. What is set in the environment is what a path written into a program makes necessary.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeBundle, runBundled } from "../../support/bundled-root.ts";
import { compile } from "../../support/compile.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

interface Work {
  readonly program: string;
  /** Further paths that are bundled. */
  readonly with?: readonly string[];
  readonly does: readonly [string, ...string[]];
  readonly environment?: { readonly [name: string]: string };
  readonly input?: string;
  readonly stdout: string;
}

const root = "/bundle/root/usr";
const python = readlinkSync("/usr/bin/python3");
/** "5.36": a link to the directory of the whole version. */
const perlVersion = readdirSync("/usr/share/perl").find((name) => /^\d+\.\d+$/.test(name)) ?? "";

const works: readonly Work[] = [
  {
    program: "/usr/bin/bash",
    does: ["bash", "-c", "for i in 1 2; do printf '%s ' $((i * 2)); done; [[ abc =~ b ]] && echo yes"],
    stdout: "2 4 yes\n",
  },
  { program: "/usr/bin/jq", does: ["jq", "-c", ".a | map(. * 2)"], input: '{"a":[1,2]}', stdout: "[2,4]\n" },
  {
    program: "/usr/bin/openssl",
    does: ["openssl", "dgst", "-sha256", "-r"],
    input: "x",
    stdout: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 *stdin\n",
  },
  {
    program: "/usr/bin/sqlite3",
    does: ["sqlite3", ":memory:", "create table t(a); insert into t values (2); select a * 21 from t"],
    stdout: "42\n",
  },
  { program: "/usr/bin/curl", does: ["curl", "-s", "file:///etc/group"], stdout: readFileSync("/etc/group", "utf8") },
  {
    program: "/usr/bin/python3",
    with: [`/usr/lib/${python}`],
    does: [
      "python3",
      "-c",
      "import ssl, sqlite3, json, hashlib, ctypes, zlib; ssl.create_default_context(); print(json.dumps([ssl.OPENSSL_VERSION[:7], hashlib.sha256(b'x').hexdigest()[:8]]))",
    ],
    stdout: '["OpenSSL", "2d711642"]\n',
  },
  {
    program: "/usr/bin/perl",
    with: ["/usr/lib/x86_64-linux-gnu/perl", "/usr/lib/x86_64-linux-gnu/perl-base", "/usr/share/perl"],
    environment: {
      PERL5LIB: [
        `${root}/share/perl/${perlVersion}`,
        `${root}/lib/x86_64-linux-gnu/perl/${perlVersion}`,
        `${root}/lib/x86_64-linux-gnu/perl-base`,
      ].join(":"),
    },
    does: [
      "perl",
      "-MPOSIX",
      "-MJSON::PP",
      "-MDigest::SHA=sha256_hex",
      "-e",
      'print encode_json([POSIX::floor(1.5), substr(sha256_hex("x"), 0, 8)]), "\\n"',
    ],
    stdout: '[1,"2d711642"]\n',
  },
  {
    program: "/usr/bin/git",
    with: ["/usr/lib/git-core"],
    environment: { GIT_EXEC_PATH: `${root}/lib/git-core`, GIT_TEMPLATE_DIR: "" },
    does: [
      "/bin/sh",
      "-ec",
      "git init -q a; cd a; echo x > f; git add f; git -c user.name=n -c user.email=e commit -qm message; cd ..; git clone -q /tmp/a b; git -C b log --format=%s",
    ],
    stdout: "message\n",
  },
  {
    program: process.execPath,
    does: ["node", "-e", "console.log(require('node:zlib').gunzipSync(require('node:zlib').gzipSync('x')).toString())"],
    stdout: "x\n",
  },
];

describe.each(works)("$program", ({ program, with: more = [], does, environment = {}, input, stdout }) => {
  it("works beside another C library when it is bundled, and does not start there as it is", async () => {
    const options = { isMusl: true, environment, ...(input === undefined ? {} : { input }) };
    const before = temporaryDirectory();
    mkdirSync(join(before, "bin"));
    copyFileSync(program, join(before, "bin", basename(program)));
    const alone = await runBundled(before, does, options);
    expect(alone.exitCode).not.toBe(0);
    expect(alone.stdout).toBe("");
    expect(alone.stderr).toMatch(/No such file or directory|not found/);
    const ran = await runBundled(await makeBundle([program, ...more]), does, options);
    expect(ran).toEqual({ stdout, stderr: "", exitCode: 0 });
  });
});

it("a program asks for a character set, and finds its module in the bundle", async () => {
  const text = join(temporaryDirectory(), "text");
  writeFileSync(text, Buffer.from("caf\xe9\n", "latin1"));
  const bundle = await makeBundle(["/usr/bin/iconv"]);
  const binds = [[text, "/text"]] as const;
  const words = ["-f", "latin1", "-t", "utf-8", "/text"] as const;
  const without = await runBundled(bundle, ["/bundle/root/usr/bin/iconv", ...words], { binds });
  expect(without).toMatchObject({ exitCode: 1, stdout: "" });
  expect(await runBundled(bundle, ["iconv", ...words], { binds })).toMatchObject({ stdout: "café\n", exitCode: 0 });
});

it("locales are found in the bundle where their directory is given", async () => {
  const charmap = async (bundle: string) => {
    const options = { isMusl: true, environment: { LC_ALL: "C.UTF-8" } };
    return (await runBundled(bundle, ["locale", "charmap"], options)).stdout.trimEnd();
  };
  expect(await charmap(await makeBundle(["/usr/bin/locale"]))).toBe("ANSI_X3.4-1968");
  expect(await charmap(await makeBundle(["/usr/bin/locale", "/usr/lib/locale/C.utf8"]))).toBe("UTF-8");
});

it("a program of musl and its library work beside glibc and without it, as a glibc program of the same bundle does", async () => {
  const build = temporaryDirectory();
  const library = await compile(join(build, "libsaid.so"), {
    files: { "said.c": 'const char *said(void) { return "musl"; }\n' },
    compiler: "musl-gcc",
    flags: ["-O2", "-shared", "-fPIC", "-Wl,-soname,libsaid.so"],
  });
  await compile(join(build, "tool"), {
    files: { "tool.c": "#include <stdio.h>\nconst char *said(void);\nint main(void) { puts(said()); return 0; }\n" },
    compiler: "musl-gcc",
    libraries: [library],
    key: "bundle",
  });
  const bundle = await makeBundle([join(build, "tool"), "/usr/bin/jq", "--libs", build]);
  for (const isMusl of [false, true]) {
    expect(await runBundled(bundle, ["tool"], { isMusl })).toEqual({ stdout: "musl\n", stderr: "", exitCode: 0 });
    expect(await runBundled(bundle, ["jq", "-n", "1+1"], { isMusl })).toMatchObject({ stdout: "2\n", exitCode: 0 });
  }
});

it("a static program is copied", async () => {
  const bundle = await makeBundle(["/bin/busybox"]);
  expect(readFileSync(join(bundle, "bin/busybox")).equals(readFileSync("/bin/busybox"))).toBe(true);
  expect(await runBundled(bundle, ["busybox", "echo", "x"])).toMatchObject({ stdout: "x\n", exitCode: 0 });
});
