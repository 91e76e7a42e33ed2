// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are shell scripts
// The shell fragment, sourced as stdenv sources it: in strict mode, with the functions of stdenv that it calls.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { attributes } from "../../../src/hook/attributes.ts";
import { decodeHandover, type Handover } from "../../../src/hook/handover.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const fragment = fileURLToPath(new URL("../../../hook/wrap-buddy-hook.sh", import.meta.url));

const stdenv = `
set -eu -o pipefail
shopt -s nullglob inherit_errexit
preFixupHooks=() postFixupHooks=() envHooks=() pkgsHostHost=() pkgsHostTarget=()
addEnvHooks() { envHooks+=("$1 $2"); }
getAllOutputNames() { echo "$outputs"; }
outputs=out
out=/nix/store/x-tool
sourceHook() { source "$HOOK"; }
`;

interface Sourced {
  readonly stdout: string;
  readonly exitCode: number;
  /** What the program was started with: its command, the hand-over, and its environment. */
  readonly calls: readonly { readonly command: string; readonly handover: Handover; readonly environment: string }[];
}

/** Runs a script after the fragment; in place of node stands a program that keeps what it is given. */
async function source(
  script: string,
  {
    platform = "linux",
    output = "",
    exitCode = 0,
    variables = {},
  }: {
    readonly platform?: "linux" | "darwin";
    readonly output?: string;
    readonly exitCode?: number;
    readonly variables?: Readonly<Record<string, string>>;
  } = {},
): Promise<Sourced> {
  const directory = temporaryDirectory();
  const calls = join(directory, "calls");
  mkdirSync(calls);
  const node = join(directory, "node");
  writeFileSync(
    node,
    `#!/bin/bash\ncall=$(mktemp -d ${calls}/$(printf %03d $(ls ${calls} | wc -l)).XXX)\ncat >$call/handover\necho "$2" >$call/command\nenv >$call/environment\nprintf '${output}'\nexit ${exitCode}\n`,
    { mode: 0o755 },
  );
  const values: Readonly<Record<string, string>> = {
    node: platform === "linux" ? node : "",
    program: "/lib/main.js",
    interpreterFile: join(directory, "interpreter"),
    compilerLibraries: "/gcc/lib",
  };
  writeFileSync(join(directory, "interpreter"), "/glibc/ld.so\n");
  const hook = join(directory, "hook.sh");
  writeFileSync(
    hook,
    readFileSync(fragment, "utf8").replace(/@(\w+)@/g, (_all, name) => values[name] ?? "?"),
  );
  const ran = await execa("bash", ["-c", `${stdenv}\n${script}`], {
    reject: false,
    env: { HOOK: hook, TMPDIR: directory, ...variables },
    extendEnv: true,
  });
  if (ran.stderr !== "") throw new Error(ran.stderr);
  const { stdout: names } = await execa("ls", [calls]);
  return {
    stdout: ran.stdout,
    exitCode: ran.exitCode ?? -1,
    calls: names
      .split("\n")
      .filter((name) => name !== "")
      .map((name) => ({
        command: readFileSync(join(calls, name, "command"), "utf8").trim(),
        handover: decodeHandover(readFileSync(join(calls, name, "handover"))),
        environment: readFileSync(join(calls, name, "environment"), "utf8"),
      })),
  };
}

async function handoverOf(script: string, variables: Readonly<Record<string, string>> = {}): Promise<Handover> {
  const { calls } = await source(`${script}\nset +u\nwrapBuddyPostFixup`, { variables });
  const [call] = calls;
  if (call === undefined) throw new Error("the program was not started");
  return call.handover;
}

describe("being sourced", () => {
  test("registers for the packages that the program can load, and for the two ends of the fixup phase", async () => {
    const { stdout } = await source('sourceHook; echo "${envHooks[*]} / ${preFixupHooks[*]} / ${postFixupHooks[*]}"');
    expect(stdout).toBe("0 wrapBuddyGatherPackage / wrapBuddyPreFixup / wrapBuddyPostFixup");
  });

  test("a second time changes nothing", async () => {
    const { stdout } = await source(
      'sourceHook; sourceHook; echo "${#envHooks[@]} ${#preFixupHooks[@]} ${#postFixupHooks[@]}"',
    );
    expect(stdout).toBe("1 1 1");
  });

  test("for a platform without ELF files leaves functions that do nothing", async () => {
    const script =
      'sourceHook; addWrapBuddySearchPath x; wrapBuddy x; autoPatchelf x; echo "${#envHooks[@]} ${#preFixupHooks[@]} ${#postFixupHooks[@]}"';
    expect(await source(script, { platform: "darwin" })).toMatchObject({ stdout: "0 0 0", exitCode: 0, calls: [] });
  });

  test("does not take autoPatchelfHook's functions from it", async () => {
    const { stdout } = await source("autoPatchelf() { echo theirs; }; sourceHook; autoPatchelf x");
    expect(stdout).toBe("theirs");
  });
});

describe("the hand-over", () => {
  test("has every list attribute, and only those", async () => {
    const names = Object.entries(attributes).flatMap(([name, { kind }]) => (kind === "switch" ? [] : [name]));
    const handover = await handoverOf(`sourceHook; ${names.map((name) => `${name}=x`).join("; ")}`);
    const declared = [...handover.keys()].filter((name) => name.startsWith("declared:")).map((name) => name.slice(9));
    expect(declared.filter((name) => name !== "NIX_DEBUG").sort()).toEqual([...names].sort());
    for (const name of names) expect(handover.get(name)).toEqual({ kind: "string", values: ["x"] });
  });

  test("has strings, arrays and maps as they are when the outputs are wrapped", async () => {
    const handover = await handoverOf(
      "declare -A wrapBuddyInterpreters=([a]=b); sourceHook; wrapBuddyFlags=('a b' '' 'c*'); wrapBuddyExclude='x y'; appendRunpaths=()",
    );
    expect(handover.get("wrapBuddyFlags")).toEqual({ kind: "list", values: ["a b", "", "c*"] });
    expect(handover.get("wrapBuddyExclude")).toEqual({ kind: "string", values: ["x y"] });
    expect(handover.get("appendRunpaths")).toEqual({ kind: "list", values: [] });
    expect(handover.get("wrapBuddyInterpreters")).toEqual({ kind: "map", values: ["a"] });
    expect(handover.has("runtimeDependencies")).toBe(false);
  });

  test("has what an exported string was before a phase made an array of it", async () => {
    const handover = await handoverOf("sourceHook; wrapBuddyFlags+=('c d')", { wrapBuddyFlags: "a b" });
    expect(handover.get("wrapBuddyFlags")).toEqual({ kind: "list", values: ["a b", "c d"] });
    expect(handover.get("declared:wrapBuddyFlags")).toEqual({ kind: "string", values: ["a b"] });
  });

  test("has the outputs, the packages, the calls and what the hook was made with", async () => {
    const handover = await handoverOf(
      [
        "sourceHook; NIX_CC=/gcc-wrapper; outputs='out lib'; lib=/nix/store/x-tool-lib; pkgsHostTarget=(/nix/store/z)",
        "wrapBuddyGatherPackage /nix/store/z; wrapBuddyGatherPackage /nix/store/y",
        "cd /usr; addWrapBuddySearchPath --no-recurse 'a b'; cd /; addAutoPatchelfSearchPath c d",
      ].join("\n"),
    );
    expect(handover.get("outputs")?.values).toEqual(["out", "/nix/store/x-tool", "lib", "/nix/store/x-tool-lib"]);
    expect(handover.get("packages")?.values).toEqual(["/nix/store/z", "/nix/store/y"]);
    expect(handover.get("hostPackages")?.values).toEqual(["/nix/store/z"]);
    expect(handover.get("searchPathCalls")?.values).toEqual(["/usr", "2", "--no-recurse", "a b", "/", "2", "c", "d"]);
    expect(handover.get("interpreter")?.values).toEqual(["/glibc/ld.so"]);
    expect(handover.get("compilerLibraries")?.values).toEqual(["/gcc/lib"]);
    expect(handover.get("compiler")?.values).toEqual(["/gcc-wrapper"]);
    expect(handover.get("arguments")?.values).toEqual([]);
  });

  test("has the arguments of wrapBuddy, newlines and all", async () => {
    const { calls } = await source("sourceHook; wrapBuddy --no-recurse -- $'a\\nb' ''");
    expect(calls.map(({ command }) => command)).toEqual(["wrap"]);
    expect(calls[0]?.handover.get("arguments")?.values).toEqual(["--no-recurse", "--", "a\nb", ""]);
  });

  test("goes to a program that does not see what the build sets for its own programs", async () => {
    const { calls } = await source("sourceHook; export NODE_OPTIONS=--bad LD_PRELOAD=; wrapBuddyPostFixup");
    expect(calls[0]?.environment).toContain("\nNODE_OPTIONS=\n");
  });
});

describe("the fixup phase", () => {
  test("wraps the outputs at its end", async () => {
    const { calls } = await source("sourceHook; set +u; wrapBuddyPreFixup; wrapBuddyPostFixup");
    expect(calls.map(({ command }) => command)).toEqual(["wrap-outputs"]);
  });

  test("wraps after everything else that happens there, wherever the hook is listed", async () => {
    const script =
      'sourceHook; postFixupHooks+=(theirs "and theirs"); set +u; wrapBuddyPreFixup; printf "<%s>" "${postFixupHooks[@]}"';
    expect((await source(script)).stdout).toBe("<theirs><and theirs><wrapBuddyPostFixup>");
  });

  test("fails when wrapping fails", async () => {
    expect(await source("sourceHook; set +u; wrapBuddyPostFixup; echo on", { exitCode: 1 })).toMatchObject({
      exitCode: 1,
      stdout: "",
    });
  });

  test.each(["dontWrapBuddy", "dontAutoPatchelf"])("does nothing with %s", async (name) => {
    const { calls } = await source(`sourceHook; set +u; STRIP=strip ${name}=1; wrapBuddyPreFixup; wrapBuddyPostFixup`);
    expect(calls).toEqual([]);
  });

  test("dontAutoPatchelf means autoPatchelfHook where both are in use", async () => {
    const script = "sourceHook; autoPatchelfPostFixup() { :; }; set +u; dontAutoPatchelf=1; wrapBuddyPostFixup";
    expect((await source(script)).calls).toHaveLength(1);
  });

  test("adds to stripExclude what strip must not touch", async () => {
    const script =
      "sourceHook; set +u; STRIP=strip stripExclude='their own'; wrapBuddyPreFixup; printf '<%s>' \"${stripExclude[@]}\"";
    const { stdout, calls } = await source(script, { output: "bin/a b\\0bin/c\\0" });
    expect(calls.map(({ command }) => command)).toEqual(["list-unstrippable"]);
    expect(stdout).toBe("<their own><bin/a b><bin/c>");
  });

  test("leaves stripExclude alone where there is nothing to add", async () => {
    const script = 'sourceHook; set +u; STRIP=strip; wrapBuddyPreFixup; echo "${stripExclude-unset}"';
    expect((await source(script)).stdout).toBe("unset");
  });

  test.each(["dontStrip=1 STRIP=strip", "STRIP="])("asks nothing where strip will not run (%s)", async (variables) => {
    expect((await source(`sourceHook; set +u; ${variables}; wrapBuddyPreFixup`)).calls).toEqual([]);
  });
});
