// Names of libraries among strings that follow each other without a NUL, in files of both classes and byte orders.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseElf } from "../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../src/elf/source.ts";
import { namedLibraries } from "../../../src/files/named-libraries.ts";
import { stride } from "../../../src/files/search-ranges.ts";
import { askedLibraries } from "../../../src/linker/load/asked-functions.ts";
import { buildElf, type ElfSpec } from "../../support/elf/elf-builder.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { fuzzSeed } from "../../support/vitest/fuzz-time.ts";

const seed = Number(process.env["SEED"] ?? fuzzSeed);

/** The names in a file with these constants: they stand in a note, which is loaded with them. */
function namesIn(constants: string | Buffer, spec: ElfSpec = {}): readonly string[] {
  const notes = [{ name: "text", type: 1, description: Buffer.from(constants) }];
  const { bytes } = buildElf({ sections: false, needed: ["libc.so.6"], imports: ["dlopen"], ...spec, notes });
  const path = join(temporaryDirectory(), "file");
  writeFileSync(path, bytes);
  return namedLibraries(path, parseElf(bufferSource(Buffer.from(bytes)))).filter((name) => name !== "libc.so.6");
}

/** As in @slint-ui/slint-ui, with a list of functions that x11-dl looks up. */
const rust =
  "usr/lib/x86_64-linux-gnulibXi.so.6libXrender.so.1libXrender.soXRenderAddTrapsXRenderFindVisualFormatXIQueryVersion" +
  "Tag mismatchlibxkbcommon.so.0libxkbcommon.soLibrary libxkbcommon.so could not be loaded.xkb_context_new";

describe.each<[string, ElfSpec]>([
  ["64 bits", {}],
  ["64 bits, big-endian", { elfClass: 64, byteOrder: "big", machine: 22 }],
  ["32 bits", { elfClass: 32, machine: 3 }],
  ["32 bits, big-endian", { elfClass: 32, byteOrder: "big", machine: 8 }],
])("in a file of %s", (_what, spec) => {
  test("names that follow each other are found one by one", () => {
    expect(namesIn(rust, spec)).toEqual([
      ...["libXi.so.6", "libXrender.so.1", "libXrender.so", "libxkbcommon.so.0", "libxkbcommon.so"],
    ]);
  });

  test("none is found where nothing opens libraries", () => {
    expect(namesIn(rust, { ...spec, imports: [] })).toEqual([]);
  });
});

test("a name whose functions the file does not look up is none", () => {
  // As in deno, which makes packages: names, and the packages of Debian that have them.
  const table = "libgtk-3.so.0libgtk-3-0libasound.so.2libasound2libX11.so.6libx11-6libgbm.so.1libgbm1libvulkan.so.1";
  expect(namesIn(`${table}Unable to load vkGetInstanceProcAddr`)).toEqual(["libvulkan.so.1"]);
});

test("two names between NULs are two names", () => {
  expect(namesIn("\0libX11.so.6libXi.so\0libX11.solibXi.so.6\0XOpenDisplayXIQueryVersion")).toEqual([
    ...["libX11.so.6", "libXi.so", "libX11.so", "libXi.so.6"],
  ]);
});

test("a name that is whole elsewhere needs no function", () => {
  expect(namesIn("\0libX11.so.6\0cannot open libX11.so.6: %s\0")).toEqual(["libX11.so.6"]);
});

test.each([
  ["a path", "/usr/lib/libX11.so.6"],
  ["a longer name", "mylib-libX11.so.6 x86_libX11.so.6"],
  ["another version", "libX11.so.5"],
  ["another library", "libX11x.so.6 libX1.so.6 libx11.so.6"],
])("%s is not the name", (_what, text) => {
  expect(namesIn(`${text} XOpenDisplay`)).toEqual([]);
});

test.each([
  ["a digit", "libX11.so.62006-01-02", ["libX11.so.6"]],
  ["a full stop", "needs libX11.so.6. And libX11.so.", ["libX11.so.6", "libX11.so"]],
  ["a further version", "libXrandr.so.2.2.0libX11.so", ["libXrandr.so.2", "libX11.so"]],
  ["a letter", "libX11.solibX11.so.6libXrandr.so.2", ["libX11.so", "libX11.so.6", "libXrandr.so.2"]],
  ["the last byte of a number", "\xbflibX11.so.6\0", ["libX11.so.6"]],
])("a name ends before, or begins after %s", (_what, text, names) => {
  expect(namesIn(Buffer.from(`${text}XOpenDisplayXRRGetScreenResources`, "latin1"))).toEqual(names);
});

/** Any bytes, often such as names have. */
const text = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  fc.string({ unit: fc.constantFrom("lib", ".so", ".", "6", "1", "X11", "-", "/", "s", "\0", "GL"), maxLength: 8 }),
);
const named = fc.constantFrom(
  ...askedLibraries.flatMap(({ stem, version }) => [
    { stem, name: `${stem}.so${version}` },
    { stem, name: `${stem}.so` },
  ]),
);
/** Where the file is read in parts, so that some lie across every border. */
const padding = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -300, max: 100 }).map((around) => stride + around),
);
const functions = askedLibraries.map((library) => library.functions[0]).join("");

test("whatever text stands around it, a name is found that nothing makes another one", { timeout: 60_000 }, () => {
  console.info(`seed ${seed}`);
  fc.assert(
    fc.property(padding, fc.array(fc.tuple(text, named), { minLength: 1, maxLength: 6 }), text, (size, parts, end) => {
      const texts = [...parts.map(([before]) => before), end];
      const whole = parts.map(([before, { name }]) => `${before}${name}`).join("") + end;
      const found = namesIn(Buffer.from(`${"\x01".repeat(size)}${whole}${functions}`, "latin1"));
      for (const [at, [before, { name }]] of parts.entries()) {
        const follows = texts[at + 1] || parts[at + 1]?.[1].name || functions;
        const isOther = /[-/_+]$/.test(before) || (name.endsWith(".so") && /^\.[0-9]/.test(follows));
        // Between NULs all of a text counts: libasound2libX11.so.6.
        if (!isOther) expect(found.filter((one) => one.includes(name))).not.toEqual([]);
      }
      for (const name of found) expect(whole).toContain(name);
    }),
    { seed, numRuns: Number(process.env["RUNS"] ?? 300) },
  );
});
