// Where libraries are looked for and which one is taken: wrapped by the command line, started with the real dynamic
// linker, which has to come to the same result.

import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { type Bundle, createBundle } from "../../support/compiled/bundle.ts";
import { wrapBuddy } from "../../support/roots/sandbox.ts";
import { hostPath } from "../../support/roots/store.ts";

const returns = (value: number) => `int answer(void) { return ${value}; }`;
const prints = '#include <stdio.h>\nint answer(void);\nint main(void) { printf("%d\\n", answer()); return 0; }';
const said = (value: number) => ({ stdout: `${value}\n`, stderr: "", exitCode: 0 });

/** A program that prints what the function of libanswer.so returns. */
function printer(bundle: Bundle, library: string, flags: readonly string[] = []): Promise<string> {
  return bundle.executable("bin/tool", { code: prints, needs: [library], flags });
}

const runPath = (entries: string): string => `-Wl,--enable-new-dtags,-rpath,${entries}`;

describe("tokens", () => {
  it("in the executable's own run path mean what they mean to the dynamic linker", async () => {
    const bundle = createBundle();
    const library = await bundle.library("lib/x86_64-linux-gnu/libanswer.so", { code: returns(42) });
    const tool = await printer(bundle, library, [runPath("$ORIGIN/../nothing:${ORIGIN}/../$LIB")]);
    expect((await bundle.wrap(["--no-pin"], [tool])).exitCode).toBe(0);
    expect(await bundle.start(tool)).toEqual(said(42));
  });

  it.each(["--no-pin", "--pin", "--relocatable"])(
    "are not seen in a directory that is named $ORIGIN: %s",
    async (option) => {
      const bundle = createBundle();
      const library = await bundle.library("$ORIGIN/lib/libanswer.so", { code: returns(42) });
      const tool = await bundle.executable("$ORIGIN/bin/tool", { code: prints, needs: [library] });
      expect(await bundle.wrap([option])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await bundle.start(tool)).toEqual(said(42));
    },
  );

  it("that are in the way are told: no run path can name the directory", async () => {
    const bundle = createBundle();
    await printer(bundle, await bundle.library("lib/$ORIGIN/libanswer.so", { code: returns(42) }));
    const { exitCode, stdout, stderr } = await bundle.wrap(["-v"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("libanswer.so not found in")]);
    expect(stdout).toContain("lies in a directory whose name a run path cannot hold");
  });
});

describe("relative paths on the command line", () => {
  it("mean the same from every working directory", async () => {
    const sidecarFrom = async (directory: string, path: string, libraries: string): Promise<Buffer> => {
      const bundle = createBundle();
      const tool = await printer(bundle, await bundle.library("lib/libanswer.so", { code: returns(42) }));
      const args = [path, "--libs", libraries, "--interpreter", bundle.glibc.interpreter];
      const ran = await wrapBuddy(bundle.store, args, { bwrap: ["--chdir", `${bundle.root}/${directory}`] });
      expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await bundle.start(tool)).toEqual(said(42));
      return readFileSync(hostPath(bundle.store, `${bundle.root}/bin/.tool.wrapbuddy`));
    };
    const first = await sidecarFrom("bin", "./tool", "../lib");
    expect(await sidecarFrom("lib", "../bin/tool", ".")).toEqual(first);
  });
});

describe("entries that are meant and lead nowhere yet", () => {
  it("are kept in order, and searched when the program starts", async () => {
    const bundle = createBundle();
    const driver = await bundle.library("/nix/store/driver/lib/libanswer.so", { code: returns(42) });
    const entries = "/run/opengl-driver/lib:$ORIGIN/../plugins";
    const tool = await printer(bundle, driver, [runPath(entries)]);
    const given = ["--ignore-missing", "libanswer.so", "-v"];
    const { exitCode, stdout } = await bundle.wrap(given, [tool]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`    ${entries.replace(":", "\n    ")}\n`)]);
    expect((await bundle.start(tool)).stderr).toContain("libanswer.so: cannot open shared object file");
    const binds = [[dirname(hostPath(bundle.store, driver)), "/run/opengl-driver/lib"]] as const;
    expect(await bundle.start(tool, { binds })).toEqual(said(42));
  });
});

describe("entries of which none is kept", () => {
  it("are not searched when the program starts", async () => {
    const bundle = createBundle();
    const tool = await bundle.executable("bin/tool", {
      code: "int main(void) { return 0; }",
      flags: [runPath(".:/no")],
    });
    expect((await bundle.wrap(["--no-pin"], [tool])).exitCode).toBe(0);
    const { stderr } = await bundle.start(tool, { environment: { LD_DEBUG: "libs" } });
    expect(stderr).toMatch(/find library=libc\.so\.6/);
    expect(stderr).not.toMatch(/trying file=(?:\.|\/no)\//);
  });
});

describe("the file that is taken", () => {
  it("is that of the library directory given first, and the others are told", async () => {
    for (const [first, second, value] of [
      ["a", "b", 41],
      ["b", "a", 42],
    ] as const) {
      const bundle = createBundle();
      const library = await bundle.library("/nix/store/a/lib/libanswer.so", { code: returns(41) });
      await bundle.library("/nix/store/b/lib/libanswer.so", { code: returns(42) });
      const tool = await printer(bundle, library);
      const given = ["--libs", `/nix/store/${first}/lib`, `/nix/store/${second}/lib`, "-v"];
      const { stdout } = await bundle.wrap(given);
      expect(stdout).toContain(`is there more than once: /nix/store/${first}/lib/libanswer.so is taken`);
      expect(stdout).toContain(`not taken: /nix/store/${second}/lib/libanswer.so`);
      expect(await bundle.start(tool)).toEqual(said(value));
    }
  });

  it.each(["--pin", "--no-pin"])("is after a linker script and a library of another machine %s", async (pin) => {
    const bundle = createBundle();
    const library = await bundle.library("/nix/store/right/lib/libanswer.so", { code: returns(42) });
    bundle.text("/nix/store/script/lib/libanswer.so", "INPUT(libother.so)\n");
    bundle.copy("/nix/store/other/lib/libanswer.so", "/usr/aarch64-linux-gnu/lib/libm.so.6");
    const tool = await printer(bundle, library);
    const directories = ["script", "other", "right"].map((name) => `/nix/store/${name}/lib`);
    const { exitCode, stdout } = await bundle.wrap(["-v", pin, "--libs", ...directories]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("it is not an ELF file")]);
    expect(stdout).toContain("it is for another machine");
    expect(await bundle.start(tool)).toEqual(said(42));
  });

  it("is an absolute needed entry's own", async () => {
    const bundle = createBundle();
    const soname = "/nix/store/absolute/lib/libanswer.so";
    const tool = await printer(bundle, await bundle.library(soname, { code: returns(42), soname }));
    const { exitCode, stdout } = await bundle.wrap(["-v"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`${soname} (absolute path)`)]);
    expect(await bundle.start(tool)).toEqual(said(42));
  });

  it("lies, for its own $ORIGIN, where its name is, not where a symlink leads", async () => {
    const bundle = createBundle();
    const value = await bundle.library("lib/libvalue.so", { code: "int value(void) { return 42; }" });
    const library = await bundle.library("versions/libanswer-1.so", {
      code: "int value(void); int answer(void) { return value(); }",
      needs: [value],
      soname: "libanswer.so",
      flags: [runPath("$ORIGIN")],
    });
    bundle.link("lib/libanswer.so", "../versions/libanswer-1.so");
    const tool = await printer(bundle, library);
    expect((await bundle.wrap([], [`${bundle.root}/bin`, "--libs", `${bundle.root}/lib`])).exitCode).toBe(0);
    expect(await bundle.start(tool)).toEqual(said(42));
  });
});

describe("names added by --needed", () => {
  const speaks = '#include <stdio.h>\n__attribute__((constructor)) static void start(void) { puts("added"); }';

  it("are looked for, loaded and searched for their own libraries", async () => {
    const bundle = createBundle();
    const inner = await bundle.library("/nix/store/inner/lib/libinner.so", { code: speaks });
    await bundle.library("/nix/store/added/lib/libadded.so", { code: "int added;", needs: [inner] });
    const tool = await bundle.executable("bin/tool", { code: "int main(void) { return 0; }" });
    const libraries = ["--libs", "/nix/store/inner/lib", "/nix/store/added/lib"];
    expect((await bundle.wrap(["--needed", "libadded.so", ...libraries])).exitCode).toBe(0);
    expect(await bundle.start(tool)).toEqual({ stdout: "added\n", stderr: "", exitCode: 0 });
  });

  it("are an error when they are nowhere, and nothing is written", async () => {
    const bundle = createBundle();
    const tool = await bundle.executable("bin/tool", { code: "int main(void) { return 0; }" });
    const before = readFileSync(hostPath(bundle.store, tool));
    const { exitCode, stderr } = await bundle.wrap(["--needed", "libadded.so"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("bin/tool: libadded.so not found in")]);
    expect(readFileSync(hostPath(bundle.store, tool))).toEqual(before);
  });
});

describe("what a .note.dlopen mentions", () => {
  const json = JSON.stringify([{ soname: ["libnone.so", "libanswer.so"], feature: "answers", priority: "required" }]);
  const program = `
#include <dlfcn.h>
#include <stdio.h>
static const struct {
  unsigned name_size, description_size, type;
  char name[4], description[${(json.length + 4) & ~3}];
} note __attribute__((used, aligned(4), section(".note.dlopen"))) = {
  4, sizeof note.description, 0x407c0c0a, "FDO", ${JSON.stringify(json)}
};
int main(void) {
  void *library = dlopen("libanswer.so", RTLD_NOW);
  if (!library) return puts(dlerror()), 1;
  printf("%d\\n", ((int (*)(void))dlsym(library, "answer"))());
  return 0;
}`;

  it("is found when the program opens it", async () => {
    const bundle = createBundle();
    await bundle.library("/nix/store/answers/lib/libanswer.so", { code: returns(42) });
    const tool = await bundle.executable("bin/tool", { code: program });
    const { exitCode, stderr } = await bundle.wrap();
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(
        "libnone.so or libanswer.so not found, which it opens while it runs (required for answers)",
      ),
    ]);
    expect((await bundle.wrap(["--ignore-missing", "libnone.so"])).exitCode).toBe(0);
    expect((await bundle.start(tool)).stdout).toContain("libanswer.so: cannot open shared object file");
    expect((await bundle.wrap(["--libs", "/nix/store/answers/lib"])).exitCode).toBe(0);
    expect(await bundle.start(tool)).toEqual(said(42));
  });
});

describe("a symbol version that the C library does not have", () => {
  it("is an error with both versions and both files, and stops the program where it is let through", async () => {
    const bundle = createBundle();
    const tool = await bundle.executable("bin/tool", {
      code: "int new_function(void); void _start(void) { new_function(); }",
      flags: ["-nostdlib", "-fno-stack-protector"],
      needs: [
        await bundle.library("/nix/store/newer/lib/libc.so.6", {
          code: "int new_function(void) { return 0; }",
          flags: [
            `-Wl,--version-script=${hostPath(bundle.store, bundle.text("/nix/store/newer/map", "GLIBC_2.38 { new_function; };"))}`,
          ],
        }),
      ],
    });
    const { exitCode, stderr } = await bundle.wrap();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `error: ${tool} needs GLIBC_2\\.38 from libc\\.so\\.6, ${bundle.glibc.directory}/libc\\.so\\.6 has up to GLIBC_2\\.\\d+\n`,
      ),
    );
    expect(stderr).toContain("libc.so.6:GLIBC_2.38 in --ignore-missing");
    expect((await bundle.wrap(["--ignore-missing", "libc.so.6:GLIBC_2.38"])).exitCode).toBe(0);
    expect((await bundle.start(tool)).stderr).toContain("version `GLIBC_2.38' not found");
  });
});

describe("sizes and places out of the ordinary", () => {
  it("three hundred library directories with long names are all on the run path", async () => {
    const bundle = createBundle();
    const directories = [...Array(300).keys()].map((number) => `/nix/store/${"long".repeat(20)}-${number}/lib`);
    const last = directories.at(-1) ?? "";
    const library = await bundle.library(`${last}/libanswer.so`, { code: returns(42) });
    for (const directory of directories) bundle.text(`${directory}/README`, "");
    const tool = await printer(bundle, library);
    expect((await bundle.wrap(["--no-pin", "--runtime-dependencies", ...directories])).exitCode).toBe(0);
    expect(await bundle.start(tool)).toEqual(said(42));
  });

  it("more than the run path's field can hold is an error with both sizes", async () => {
    const bundle = createBundle();
    await bundle.executable("bin/tool", { code: "int main(void) { return 0; }" });
    const directories = [...Array(400).keys()].map((number) => `/nix/store/${"longer".repeat(30)}-${number}`);
    const { exitCode, stderr } = await bundle.wrap(["--append-run-path", ...directories]);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/run path .*\d{5} bytes.*65535/)]);
  });

  it("an executable whose path has 600 bytes starts, in the store and beside its sidecar", async () => {
    for (const options of [[], ["--relocatable"]]) {
      const bundle = createBundle();
      const deep = ["one", "two", "three"].map((name) => name.repeat(60).slice(0, 180)).join("/");
      const library = await bundle.library("lib/libanswer.so", { code: returns(42) });
      const tool = await bundle.executable(`${deep}/tool`, { code: prints, needs: [library] });
      expect(tool.length).toBeGreaterThan(590);
      const { exitCode, stderr } = await bundle.wrap(options);
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(await bundle.start(tool)).toEqual(said(42));
    }
  });

  it("a store in another directory is a store", async () => {
    const bundle = createBundle();
    const tool = await printer(bundle, await bundle.library("lib/libanswer.so", { code: returns(42) }));
    const elsewhere = ["--bind", bundle.store.directory, "/srv/store"];
    const at = (path: string) => path.replace("/nix/store", "/srv/store");
    const ran = await wrapBuddy(
      bundle.store,
      [at(bundle.root), "--interpreter", at(bundle.glibc.interpreter), "--json"],
      { bwrap: ["--tmpfs", "/srv", ...elsewhere], environment: { NIX_STORE: "/srv/store" } },
    );
    expect(JSON.parse(ran.stdout).files).toMatchObject([
      {
        kind: "wrapped",
        facts: { naming: "absolute", neededFirst: expect.arrayContaining([at(`${bundle.root}/lib/libanswer.so`)]) },
      },
      { kind: "skipped" },
    ]);
    expect(await bundle.start(at(tool), { bwrap: elsewhere })).toEqual(said(42));
  });
});
