// Real programs of Debian for another architecture at work: once as Debian ships them, with qemu showing them Debian's
// root directory, and once wrapped, in a root that holds only the store.

import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debianRoot, type Machine, runOn } from "../compiled/machines.ts";
import { type Ran, type SandboxOptions, wrapBuddy } from "../roots/sandbox.ts";
import { addFiles, createStore, interpreterName, packagePath } from "../roots/store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

export interface Work {
  /** Its path in Debian. */
  readonly program: string;
  /** What it is to do; files are in /data. `debian` is the root directory of Debian's packages. */
  readonly args: (debian: string) => readonly string[];
  readonly input?: string;
  readonly environment?: (debian: string) => { readonly [name: string]: string };
}

const numbers = [...Array(500).keys()].map((i) => (i * 7919) % 1009).join("\n");
const text = numbers.replace(/\n/g, " lines of text\n");

/** Two for every test run. */
export const fewWorks: readonly Work[] = [
  { program: "usr/bin/sha256sum", args: () => ["/data/a", "/data/b", "/data/missing"] },
  {
    program: "usr/bin/jq",
    args: () => ["-s", "-S", '{n: length, sum: add, s: (map(tostring) | join(",") | test("7.9")), q: map(sqrt) | max}'],
    input: numbers,
  },
];

const python = `
import json, math, re, struct, sys, zlib
data = sys.stdin.read()
found = re.findall(r"\\d+", data)
print(json.dumps({"n": len(found), "crc": zlib.crc32(data.encode()), "pi": math.pi, "big": 3**200}))
print(struct.pack(">d", 1.5).hex(), sys.byteorder, sys.maxsize)
sys.exit(7)
`;

/** The rest: sorting, archives, ciphers, databases, interpreters. */
export const manyWorks: readonly Work[] = [
  { program: "bin/ls", args: () => ["-la", "--time-style=+%Y", "/data"] },
  { program: "usr/bin/sort", args: () => ["-n", "-u", "-r"], input: numbers },
  {
    program: "usr/bin/sqlite3",
    args: () => [
      ":memory:",
      "with recursive c(x) as (select 1 union all select x+1 from c where x<9999) select sum(x), avg(x*1.5), hex(max(x)) from c",
    ],
  },
  { program: "usr/bin/git", args: () => ["diff", "--no-index", "--stat", "--patch", "/data/a", "/data/b"] },
  {
    program: "usr/bin/python3",
    args: () => ["-c", python],
    input: text,
    environment: (debian) => ({ PYTHONHOME: `${debian}/usr`, PYTHONDONTWRITEBYTECODE: "1" }),
  },
  {
    program: "usr/bin/gawk",
    args: () => [
      "{ s[$1 % 7] += $1 } END { n = asorti(s, k); for (i = 1; i <= n; i++) print k[i], s[k[i]] / 3; exit 4 }",
    ],
    input: text,
  },
  { program: "usr/bin/xz", args: () => ["-9", "-T1", "-c", "--check=sha256"], input: text },
  {
    program: "usr/bin/openssl",
    args: () => ["enc", "-aes-256-cbc", "-a", "-K", "01".repeat(32), "-iv", "02".repeat(16)],
    input: text,
    environment: () => ({ OPENSSL_CONF: "/nonexistent" }),
  },
  {
    program: "bin/tar",
    args: () => ["-c", "--sort=name", "--mtime=@1000", "--owner=0", "--group=0", "-C", "/data", "."],
  },
  { program: "bin/bzip2", args: () => ["-9", "-c"], input: text },
  { program: "usr/bin/diff", args: () => ["-u", "--label=a", "--label=b", "/data/a", "/data/b"] },
  { program: "bin/grep", args: () => ["-E", "-n", "(1|7)9", "/data/a"] },
  { program: "bin/sed", args: () => ["-n", "s/\\(.\\)\\(.\\)/\\2\\1/p", "/data/a"] },
  {
    program: "usr/bin/perl",
    args: () => [
      "-e",
      'my %n; $n{length $_}++ for <STDIN>; print join(",", map {"$_=$n{$_}"} sort keys %n), "\\n"; exit 5',
    ],
    input: text,
  },
  {
    program: "usr/bin/bc",
    args: () => ["-l"],
    input: "scale=40; a(1)*4; 2^300\n",
    environment: () => ({ BC_LINE_LENGTH: "0" }),
  },
  { program: "usr/bin/file", args: (debian) => ["-m", `${debian}/usr/lib/file/magic.mgc`, "/qemu", "/data/a"] },
];

/** What the program did unwrapped, wrapped, and wrapped without having been: in a root that holds only the store. */
export interface Comparison {
  readonly unwrapped: Ran;
  readonly wrapped: Ran;
  readonly control: Ran;
}

/** Does the work both ways. Throws when the program cannot be wrapped. */
export async function compareOn(machine: Machine, work: Work, roots: "debian" | "debian-all"): Promise<Comparison> {
  const root = debianRoot(machine.name, roots);
  const debian = packagePath("debian");
  const libraries = `${debian}/usr/lib/${machine.libraries}`;
  const store = createStore();
  const name = work.program.replace(/.*\//, "");
  const path = `${addFiles(store, `${packagePath(name)}/bin`, [join(root, work.program)])}/${name}`;
  const environment = { LC_ALL: "C", ...work.environment?.(debian) };
  const options: SandboxOptions = {
    binds: [
      [root, debian],
      [dataDirectory(), "/data"],
    ],
    environment,
    seconds: 60,
    ...(work.input === undefined ? {} : { input: work.input }),
  };
  const command = [path, ...work.args(debian)] as const;
  const unwrapped = await runOn(machine, store, command, { ...options, prefix: debian });
  const control = await runOn(machine, store, command, options);
  const wrapping = await wrapBuddy(
    store,
    [path, "--interpreter", `${libraries}/${interpreterName(machine.name)}`, "--libs", libraries],
    { bwrap: ["--ro-bind", root, debian] },
  );
  if (wrapping.exitCode !== 0) throw new Error(`${path} cannot be wrapped: ${wrapping.stderr}`);
  return { unwrapped, control, wrapped: await runOn(machine, store, command, options) };
}

/** Two texts that differ, with times that do not. */
function dataDirectory(): string {
  const directory = join(temporaryDirectory(), "data");
  mkdirSync(directory);
  const files = { a: text, b: text.replace(/5/g, "five") };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, name), content);
    utimesSync(join(directory, name), 1000, 1000);
  }
  utimesSync(directory, 1000, 1000);
  return directory;
}

/** The architectures whose programs debian-roots.sh fetches. */
export const foreign = (machine: Machine): boolean => machine.name !== "x86_64";
