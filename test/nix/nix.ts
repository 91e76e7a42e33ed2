// Nix in a store of its own: a directory of this machine that builds and programs see as /nix/store. Nothing is read from
// this machine's own /nix, if it has one; what a failed build leaves behind, Nix 2.8 moves there as invalid paths.

import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa, execaSync } from "execa";
import type { Store } from "../support/roots/store.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a user of the flake gets: everything else in the repository could be missing. */
const flakeFiles = [
  "flake.nix",
  "flake.lock",
  "nix",
  "hook",
  "native",
  "src",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

export interface Nix {
  /** For test/support/roots/sandbox.ts. */
  readonly store: Store;
  /** This project's flake. */
  readonly flake: string;
  /** The flake in test/nix/consumer. */
  readonly consumer: string;
  /** Runs `nix ARGUMENTS…`, with both flakes' inputs from here; fails unless `reject` is false. */
  readonly run: (args: readonly string[], options?: { readonly reject?: boolean }) => Promise<NixRan>;
  /** Runs `nix-store ARGUMENTS…` on the store; its lines. */
  readonly query: (...args: readonly string[]) => Promise<readonly string[]>;
  /** Runs `nix-instantiate ARGUMENTS…` on the store, without flakes; its output. */
  readonly instantiate: (...args: readonly string[]) => Promise<string>;
  /** The package set, as a path that `import` takes. */
  readonly nixpkgs: string;
}

export interface NixRan {
  readonly stdout: string;
  /** The log of builds, each line behind its package's name and "> ". */
  readonly stderr: string;
  readonly exitCode: number;
}

/** A new store, and the three flakes as they are now, copied to where an edit does not change them. */
export function createNix(): Nix {
  const directory = temporaryDirectory();
  const at = (name: string): string => join(directory, name);
  for (const file of flakeFiles) cpSync(join(root, file), join(at("flake"), file), { recursive: true });
  for (const folder of ["nixpkgs", "consumer"]) cpSync(join(root, "test/nix", folder), at(folder), { recursive: true });
  writeFileSync(join(at("nixpkgs"), "machine.nix"), machineExpression());
  writeFileSync(join(at("nixpkgs"), "certificates.crt"), certificates());
  for (const folder of ["root", "home", "cache"]) mkdirSync(at(folder));

  const environment = {
    HOME: at("home"),
    XDG_CACHE_HOME: at("cache"),
    XDG_CONFIG_HOME: at("home"),
    NIX_CONF_DIR: at("home"),
    NIX_CONFIG: configuration(),
    NIX_PATH: "",
    // The registry that this machine's npm uses, said as a user behind a mirror says it.
    npm_config_registry: npmConfig("registry"),
  };
  const inputs = (flake: string): readonly string[] => [
    ...["--override-input", "nixpkgs", `path:${at("nixpkgs")}`],
    ...(flake === "consumer" ? ["--override-input", "wrap-buddy", `path:${at("flake")}`] : []),
  ];

  return {
    store: { directory: join(at("root"), "nix/store") },
    flake: `path:${at("flake")}`,
    consumer: `path:${at("consumer")}`,
    nixpkgs: at("nixpkgs"),
    async run(args, { reject = true } = {}) {
      const flake = args.some((word) => word.startsWith(`path:${at("consumer")}`)) ? "consumer" : "flake";
      const end = args.includes("--") ? args.indexOf("--") : args.length;
      const words = [...args.slice(0, end), ...inputs(flake), ...args.slice(end)];
      const ran = await execa("nix", ["--store", at("root"), ...words], {
        env: environment,
        reject,
        stdin: "ignore",
      });
      return { stdout: ran.stdout, stderr: ran.stderr, exitCode: ran.exitCode ?? -1 };
    },
    async query(...args) {
      const ran = await execa("nix-store", ["--store", at("root"), ...args], { env: environment });
      return ran.stdout.split("\n").filter((line) => line !== "");
    },
    async instantiate(...args) {
      const ran = await execa("nix-instantiate", ["--store", at("root"), ...args], { env: environment });
      return ran.stdout;
    },
  };
}

/**
 * Directories of this machine that builds see. Only directories, and none that Nix puts files into by itself: into /etc
 * it binds resolv.conf and others, and where all of /etc is this machine's, it empties those files first.
 */
const visible = ["/usr", "/bin", "/lib", "/lib64", "/etc/alternatives"];

function configuration(): string {
  const tools = Object.values(machineTools()).map((path) => realpathSync(path));
  const elsewhere = tools.filter((path) => !visible.some((directory) => path.startsWith(`${directory}/`)));
  const paths = [...visible.filter(existsSync), ...elsewhere.map((path) => dirname(dirname(path)))];
  return [
    "experimental-features = nix-command flakes ca-derivations",
    `sandbox-paths = ${[...new Set(paths)].join(" ")}`,
    "substitute = false",
    // Whatever builds something while it is evaluated fails here.
    "allow-import-from-derivation = false",
    "build-users-group =",
    "max-jobs = 2",
    "flake-registry =",
    "warn-dirty = false",
  ].join("\n");
}

/** What test/nix/nixpkgs/default.nix is told of this machine. */
function machineExpression(): string {
  const system = { x64: "x86_64-linux", arm64: "aarch64-linux" }[process.arch as string];
  const lines = Object.entries({ system, ...machineTools() }).map(([name, value]) => `  ${name} = "${value}";\n`);
  return `{\n${lines.join("")}}\n`;
}

function machineTools(): Readonly<Record<string, string>> {
  return {
    node: process.execPath,
    npm: find("npm"),
    clang: find("clang-19", "clang"),
    lld: find("ld.lld-19", "ld.lld"),
  };
}

function npmConfig(name: string): string {
  return execaSync("npm", ["config", "get", name], { cwd: root }).stdout;
}

/** The authorities that this machine trusts: the first of the files that can say so. */
function certificates(): string {
  const candidates = [process.env["NODE_EXTRA_CA_CERTS"], npmConfig("cafile"), "/etc/ssl/certs/ca-certificates.crt"];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  return found === undefined ? "" : readFileSync(found, "utf8");
}

/** The first of these programs that is on the PATH. */
function find(...names: readonly string[]): string {
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  const paths = names.flatMap((name) => directories.map((directory) => join(directory, name)));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${names.join(" or ")} is missing: run npm run setup`);
  return found;
}
