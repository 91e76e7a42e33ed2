// The completions in the shells that they are for: what is offered at the end of a line that somebody has typed.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { commands } from "../../../src/cli/commands.ts";
import { longNames } from "../../../src/cli/texts/completion/completed-command.ts";
import { type CompletionShell, completionScript } from "../../../src/cli/texts/completion/completion.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const scripts = temporaryDirectory();
const files: { readonly [shell in CompletionShell]: string } = {
  bash: join(scripts, "wrap-buddy.bash"),
  fish: join(scripts, "wrap-buddy.fish"),
  zsh: join(scripts, "_wrap-buddy"),
};
for (const [shell, file] of Object.entries(files)) {
  writeFileSync(file, completionScript(shell as CompletionShell, commands));
}

/** Where the line is typed. */
const project = temporaryDirectory();
mkdirSync(join(project, "libraries"));
writeFileSync(join(project, "tool"), "");

const inBash = `
source "$1"; eval "words=($2)"; [[ "$2" == *" " ]] && words+=("")
[[ "$2" == *= ]] && words=("\${words[@]:0:\${#words[@]}-1}" "\${words[-1]%=}" "=")
COMP_WORDS=("\${words[@]}"); COMP_CWORD=$((\${#words[@]} - 1)); COMPREPLY=()
_wrap_buddy; printf '%s\\n' "\${COMPREPLY[@]}"`;

const shells = {
  bash: ["bash", "-uc", inBash, "bash", files.bash],
  fish: ["fish", "--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"', files.fish],
  zsh: ["zsh", "-f", fileURLToPath(new URL("in-zsh.zsh", import.meta.url)), scripts],
} as const satisfies { readonly [shell in CompletionShell]: readonly [string, ...string[]] };

/** What the shell offers, without what it says of it. */
async function offered(shell: CompletionShell, line: string): Promise<readonly string[]> {
  const [program, ...words] = shells[shell];
  const out = join(temporaryDirectory(), "out");
  const { stdout } = await execa(program, [...words, line, out], { cwd: project, timeout: 60_000, stdin: "ignore" });
  const lines = stdout.split("\n").map((one) =>
    one
      .replace(/\t.*/, "")
      .replace(/^--[a-z-]+=/, "")
      .replace(/\/$/, ""),
  );
  return [...new Set(lines.filter((one) => one !== ""))].sort();
}

const each = ["bash", "fish", "zsh"] as const;

describe.each(each)("%s offers", (shell) => {
  test("commands as the first word, beside files", async () => {
    expect(await offered(shell, "wrap-buddy ins")).toEqual(["inspect"]);
    expect(await offered(shell, "wrap-buddy ")).toEqual(
      ["bundle", "inspect", "libraries", "tool", "unwrap", "verify", "wrap"].sort(),
    );
    expect(await offered(shell, "wrap-buddy ./tool ins")).toEqual([]);
  });

  test("the options of the command that is typed, and no others", async () => {
    for (const { name, options } of commands) {
      const all = Object.entries(options).flatMap(([option, spec]) => longNames(option, spec));
      expect(await offered(shell, `wrap-buddy ${name} --`), name).toEqual(all.sort());
    }
    expect(await offered(shell, "wrap-buddy --fo")).toEqual(["--form"]);
    expect(await offered(shell, "wrap-buddy unwrap --fo")).toEqual([]);
  });

  test("the values of a choice, and nothing else", async () => {
    const choices = ["auto", "rpath", "runpath"];
    expect(await offered(shell, "wrap-buddy ./tool --run-path-mode ")).toEqual(choices);
    expect(await offered(shell, "wrap-buddy inspect --run-path-mode=")).toEqual(choices);
    expect(await offered(shell, "wrap-buddy --relocatable=")).toEqual(["store"]);
    expect(await offered(shell, "wrap-buddy --gc-roots=")).toEqual(["libraries"]);
    expect(await offered(shell, "wrap-buddy --completion f")).toEqual(["fish"]);
  });

  test("files again after the one value that an option takes", async () => {
    expect(await offered(shell, "wrap-buddy --form stub to")).toEqual(["tool"]);
    expect(await offered(shell, "wrap-buddy --form=stub ")).toEqual(["libraries", "tool"]);
    expect(await offered(shell, "wrap-buddy unwrap --gc-roots libraries to")).toEqual(["tool"]);
    expect(await offered(shell, "wrap-buddy --relocatable=store to")).toEqual(["tool"]);
  });

  test("directories where directories are wanted, and files after a list of them has ended", async () => {
    expect(await offered(shell, "wrap-buddy ./tool --libs ")).toEqual(["libraries"]);
    expect(await offered(shell, "wrap-buddy ./tool --libs libraries ")).toEqual(
      shell === "fish" ? ["libraries", "tool"] : ["libraries"],
    );
    expect(await offered(shell, "wrap-buddy unwrap --gc-roots ")).toEqual(["libraries"]);
    expect(await offered(shell, "wrap-buddy verify --json ")).toEqual(["libraries", "tool"]);
  });
});

test.each(each)("what is offered in %s survives quotation marks and brackets in what is said of it", (shell) => {
  const [first] = commands;
  const odd = { ...first, summary: "it's [this]: \\that" };
  const script = completionScript(shell, [odd]);
  expect(script).toContain(shell === "bash" ? "wrap" : "it'\\''s");
});
