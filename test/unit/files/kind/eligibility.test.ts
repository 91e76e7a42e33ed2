import { describe, expect, test } from "vitest";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { classify } from "../../../../src/files/kind/eligibility.ts";
import type { EligibilityFacts } from "../../../../src/files/kind/skip-reason.ts";
import { type BuiltElf, buildElf, type ElfSpec, offsetOfPart, withField } from "../../../support/elf/elf-builder.ts";

const pie = 0x0800_0000n;
const facts: EligibilityFacts = {
  supported: [
    { machine: 62, elfClass: 64, byteOrder: "little" },
    { machine: 3, elfClass: 32, byteOrder: "little" },
    { machine: 21, elfClass: 64, byteOrder: "little" },
    { machine: 22, elfClass: 64, byteOrder: "big" },
  ],
  storeDirectory: "/nix/store",
};

function judge(bytes: Uint8Array, name = "tool") {
  return classify(parseElf(bufferSource(bytes)), `/out/bin/${name}`, facts);
}

function judgeSpec(spec: ElfSpec, name?: string) {
  return judge(buildElf(spec).bytes, name);
}

describe("an executable is eligible", () => {
  test.each<[string, ElfSpec]>([
    ["with a fixed address", { type: 2, needed: ["libc.so.6"] }],
    ["position-independent, marked as such", { flags1: pie, needed: ["libc.so.6"] }],
    ["position-independent, from before the mark", { needed: ["libc.so.6"] }],
    ["with a soname, marked as position-independent", { flags1: pie, soname: "libtool.so.1", needed: ["libc.so.6"] }],
    ["that needs no library", { type: 2 }],
    ["of a 32-bit machine", { elfClass: 32, machine: 3, interpreter: "/lib/ld-linux.so.2", needed: ["libc.so.6"] }],
    ["of a big-endian machine", { machine: 22, byteOrder: "big", interpreter: "/lib/ld64.so.1" }],
    ["of musl", { flags1: pie, interpreter: "/lib/ld-musl-x86_64.so.1", needed: ["libc.musl-x86_64.so.1"] }],
    ["with the GNU OS ABI", { flags1: pie, osAbi: 3 }],
    ["with a relative interpreter", { flags1: pie, interpreter: "ld.so" }],
    ["without section headers", { flags1: pie, sections: false }],
    ["with a Linux ABI tag", { flags1: pie, notes: [abiTag(0)] }],
    ["with a payload after it", { flags1: pie, payload: new Uint8Array(100) }],
  ])("%s", (_, spec) => {
    expect(judgeSpec(spec)).toEqual({ kind: "eligible" });
  });

  test("named like a library, marked as position-independent", () => {
    expect(judgeSpec({ flags1: pie, needed: ["libc.so.6"] }, "libtool.so")).toEqual({ kind: "eligible" });
  });

  test("with a soname and no mark, where it was linked as an executable and is not named like a library", () => {
    expect(judgeSpec({ soname: "tool" })).toEqual({ kind: "eligible" });
  });

  test("whose section headers are damaged", () => {
    const bytes = withField(buildElf({ flags1: pie }), "ehdr.e_shoff", 0xffff_ffff);
    expect(judge(bytes)).toEqual({ kind: "eligible" });
  });

  test("whose notes are damaged", () => {
    const built = buildElf({ flags1: pie, interpreter: "/opt/ld.so", notes: [abiTag(0)] });
    expect(judge(withField(built, "note[0].n_descsz", 0xffff))).toEqual({ kind: "eligible" });
  });
});

describe("a shared library is left alone", () => {
  const library = withoutDebugSlot;

  test("with an interpreter, an entry point and a soname: libc.so.6, libcap.so.2", () => {
    expect(judge(library({ soname: "libc.so.6" }), "libc.so.6")).toMatchInlineSnapshot(`
      {
        "detail": "soname libc.so.6, no DF_1_PIE",
        "kind": "skipped",
        "reason": "shared-library",
      }
    `);
  });

  test("with all that and under a name that is no library's", () => {
    expect(judge(library({ soname: "libQt5Core.so.5" }), "qtcore")).toMatchObject({ reason: "shared-library" });
  });

  test("with a soname, a library's name and a DT_DEBUG", () => {
    expect(judgeSpec({ soname: "libodd.so.1" }, "libodd.so.1")).toMatchObject({ reason: "shared-library" });
  });

  test.each(["pam_cap.so", "libpsx.so.2.66", "addon.node"])("without a soname, by its name: %s", (name) => {
    expect(judge(library({}), name)).toMatchObject({ reason: "shared-library", detail: "its name, no DF_1_PIE" });
  });

  test("without an entry point", () => {
    const bytes = withField(buildElf({}), "ehdr.e_entry", 0);
    expect(judge(bytes)).toMatchObject({ reason: "shared-library", detail: "no entry point" });
  });

  test("without an interpreter", () => {
    const bytes = library({ interpreter: null, soname: "libfoo.so.1", needed: ["libc.so.6"] });
    expect(judge(bytes, "libfoo.so.1")).toMatchObject({ reason: "shared-library" });
  });

  test("without an interpreter and without needed entries", () => {
    const bytes = library({ interpreter: null, soname: "libfoo.so.1" });
    expect(judge(bytes, "libfoo.so.1")).toMatchObject({ reason: "shared-library" });
  });
});

describe("an executable that needs no wrapping is left alone", () => {
  const noInterpreter = { interpreter: null } as const;

  test("static", () => {
    expect(judgeSpec({ ...noInterpreter, type: 2, dynamic: false })).toEqual({ kind: "skipped", reason: "static" });
  });

  test("static and position-independent", () => {
    expect(judgeSpec({ ...noInterpreter, flags1: pie })).toEqual({ kind: "skipped", reason: "static-pie" });
  });

  test("static and position-independent, from before the mark", () => {
    expect(judgeSpec(noInterpreter)).toEqual({ kind: "skipped", reason: "static-pie" });
  });

  test("Go, known by its build ID note", () => {
    const notes = [{ name: "Go", type: 4, description: new TextEncoder().encode("build-id") }];
    expect(judgeSpec({ ...noInterpreter, type: 2, dynamic: false, notes })).toMatchObject({ reason: "go-static" });
  });

  test("Go that links C libraries is no static Go", () => {
    const notes = [{ name: "Go", type: 4, description: new TextEncoder().encode("build-id") }];
    expect(judgeSpec({ type: 2, needed: ["libc.so.6"], notes })).toEqual({ kind: "eligible" });
  });

  test("built by Nix: its interpreter is in the store", () => {
    const interpreter = "/nix/store/abc-glibc-2.41/lib/ld-linux-x86-64.so.2";
    expect(judgeSpec({ flags1: pie, interpreter })).toMatchObject({ reason: "already-nix", detail: interpreter });
  });

  test("but an interpreter in a directory whose name only begins like the store's is a foreign one", () => {
    expect(judgeSpec({ flags1: pie, interpreter: "/nix/storehouse/ld.so" })).toEqual({ kind: "eligible" });
  });
});

test("an executable with needed entries and no interpreter is told from a static one", () => {
  expect(judgeSpec({ interpreter: null, flags1: pie, needed: ["libc.so.6", "libm.so.6"] })).toMatchInlineSnapshot(`
    {
      "detail": "needs libc.so.6, libm.so.6",
      "kind": "skipped",
      "reason": "dynamic-without-interpreter",
    }
  `);
});

describe("what only looks like an executable is left alone", () => {
  test.each<[string, ElfSpec, object]>([
    ["an object file", { type: 1 }, { reason: "object-file" }],
    ["a core file", { type: 4 }, { reason: "core-file" }],
    ["a file of another type", { type: 0xfe00 }, { reason: "not-executable", detail: "e_type is 65024" }],
    ["x32", { elfClass: 32, machine: 62 }, { reason: "x32" }],
    ["FreeBSD", { osAbi: 9 }, { reason: "other-os-abi", detail: "FreeBSD" }],
    ["an unknown OS ABI", { osAbi: 77 }, { reason: "other-os-abi", detail: "EI_OSABI is 77" }],
    ["Android", { interpreter: "/system/bin/linker64" }, { reason: "other-os-abi" }],
    ["Android, from an apex", { interpreter: "/apex/com.android.runtime/bin/linker64" }, { reason: "other-os-abi" }],
    ["Android, with a sanitizer", { interpreter: "/system/bin/linker_asan64" }, { reason: "other-os-abi" }],
    ["FreeBSD, by its interpreter", { interpreter: "/libexec/ld-elf.so.1" }, { reason: "other-os-abi" }],
    ["NetBSD", { interpreter: "/usr/libexec/ld.elf_so" }, { reason: "other-os-abi" }],
    ["OpenBSD", { interpreter: "/usr/libexec/ld.so" }, { reason: "other-os-abi" }],
    ["what has an interpreter and no dynamic array", { type: 2, dynamic: false }, { reason: "other-c-library" }],
    ["klibc", { interpreter: "/lib/klibc-BeVlLG4vqP0_bnn5IAH5TkzCbbM.so" }, { reason: "other-c-library" }],
    ["uClibc", { interpreter: "/lib/ld-uClibc.so.0" }, { reason: "other-c-library" }],
    ["uClibc, 64-bit", { interpreter: "/lib/ld64-uClibc.so.1" }, { reason: "other-c-library" }],
    ["dietlibc", { interpreter: "/opt/diet/lib-x86_64/libdl.so" }, { reason: "other-c-library" }],
    ["Hurd, by its ABI tag", { interpreter: "/x", notes: [abiTag(1)] }, { detail: "Hurd, by its ABI tag" }],
    ["mips", { machine: 8, byteOrder: "big" }, { detail: "e_machine is 8, 64-bit, big-endian" }],
    ["ppc64, the big-endian twin of ppc64le", { machine: 21, byteOrder: "big" }, { reason: "other-machine" }],
    ["s390, the 31-bit one", { machine: 22, elfClass: 32, byteOrder: "big" }, { reason: "other-machine" }],
  ])("%s", (_, spec, expected) => {
    expect(judgeSpec({ flags1: pie, ...spec })).toMatchObject({ kind: "skipped", ...expected });
  });

  test("an executable of fixed address without an entry point", () => {
    const bytes = withField(buildElf({ type: 2 }), "ehdr.e_entry", 0);
    expect(judge(bytes)).toMatchObject({ reason: "not-executable", detail: "e_entry is 0" });
  });

  test.each<[string, ElfSpec]>([
    ["with a fixed address", { type: 2, dynamic: false }],
    ["position-independent", { flags1: pie }],
  ])("UPX-packed, %s: the mark stands after the program headers", (_, spec) => {
    const built = buildElf({ ...spec, interpreter: null, notes: [{ name: "x", type: 1, description: upxRecord() }] });
    expect(judge(built.bytes)).toMatchObject({ reason: "upx-packed", detail: "unpack it with upx -d" });
  });

  test("a static executable that has the mark in its code, as UPX itself does, is not packed", () => {
    const built = buildElf({ type: 2, dynamic: false, interpreter: null, code: upxRecord() });
    expect(judge(built.bytes)).toMatchObject({ reason: "static" });
  });
});

describe("a file of debug information is told from the file it belongs to", () => {
  const executable = buildElf({ type: 2, needed: ["libc.so.6"] });

  test("as objcopy --only-keep-debug makes it: no file bytes for the code", () => {
    expect(judge(withField(executable, "PT_LOAD[1].p_filesz", 0))).toEqual({ kind: "skipped", reason: "debug-file" });
  });

  test("as eu-strip makes it: program headers kept, code sections empty, segments past the end", () => {
    const emptied = markCodeEmpty(executable);
    const bytes = withField(emptied, "PT_LOAD[2].p_offset", emptied.bytes.length);
    expect(judge(bytes)).toEqual({ kind: "skipped", reason: "debug-file" });
  });

  test("as eu-strip makes it: other bytes where the interpreter was", () => {
    const emptied = markCodeEmpty(executable);
    emptied.bytes.fill(1, offsetOfPart(executable, ".interp"), offsetOfPart(executable, ".interp") + 28);
    expect(judge(emptied.bytes)).toEqual({ kind: "skipped", reason: "debug-file" });
  });
});

describe("a damaged file is left alone, and says why", () => {
  test("a segment that reaches over the end of the file", () => {
    const built = buildElf({ type: 2, sections: false });
    const bytes = withField(built, "PT_LOAD[2].p_offset", built.bytes.length);
    expect(judge(bytes)).toMatchObject({
      reason: "damaged",
      defect: { kind: "past-end-of-file", what: expect.stringContaining("program header 4"), size: built.bytes.length },
    });
  });

  test("an interpreter that is not in the file", () => {
    const built = buildElf({ type: 2 });
    const bytes = withField(built, "PT_INTERP.p_offset", built.bytes.length);
    expect(judge(bytes)).toMatchObject({ reason: "damaged", defect: { what: "PT_INTERP" } });
  });

  test("a dynamic section without its strings", () => {
    const built = buildElf({ needed: ["libc.so.6"] });
    const bytes = withField(built, "DT_STRTAB.d_un", 0x99_0000n);
    expect(judge(bytes)).toMatchObject({ reason: "damaged", defect: { kind: "unmapped-address" } });
  });
});

/** NT_GNU_ABI_TAG of a system, 3.2.0. */
function abiTag(system: number) {
  return { name: "GNU", type: 1, description: new Uint8Array(new Uint32Array([system, 3, 2, 0]).buffer) };
}

/** A checksum, and UPX's mark. */
function upxRecord(): Uint8Array {
  return Uint8Array.of(1, 2, 3, 4, 0x55, 0x50, 0x58, 0x21, 0, 0, 0, 0);
}

/** A file without DT_DEBUG, as link editors make shared libraries. */
function withoutDebugSlot(spec: ElfSpec): Uint8Array {
  return withField(buildElf(spec), "DT_DEBUG.d_tag", 0x6000_0000n);
}

/** The same file, its code section SHT_NOBITS. */
function markCodeEmpty(built: BuiltElf): BuiltElf {
  const number = parseElf(bufferSource(built.bytes))
    .sections()
    .findIndex(({ name }) => name === ".text");
  return { ...built, bytes: withField(built, `shdr[${number}].sh_type`, 8) };
}
