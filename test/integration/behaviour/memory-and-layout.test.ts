// How a program lies in memory, what it may do there, and how linkers were told to lay it out.

import { allForms, gccForms, portableForms } from "./forms.ts";
import type { Behaviour } from "./install.ts";
import { testBehaviours } from "./natively-and-wrapped.ts";

const layout = (flags: readonly string[], rest: Partial<Behaviour> = {}): Behaviour => ({
  program: "memory/layout.c",
  forms: portableForms,
  flags,
  ...rest,
});

/** Cuts the section headers off, which both linkers put at the end, and says that there are none. */
function withoutSectionHeaders(executable: Buffer): Buffer {
  const is64Bit = executable[4] === 2;
  const at = is64Bit
    ? { table: 0x28, size: 8, count: 0x3c, names: 0x3e }
    : { table: 0x20, size: 4, count: 0x30, names: 0x32 };
  const table = executable.readUIntLE(at.table, Math.min(at.size, 6));
  executable.fill(0, at.table, at.table + at.size);
  executable.writeUInt16LE(0, at.count);
  executable.writeUInt16LE(0, at.names);
  return executable.subarray(0, table);
}

testBehaviours({
  "relocations read-only, calls bound at once": layout(["-Wl,-z,relro,-z,now"]),
  "relocations read-only, calls bound when they are made": layout(["-Wl,-z,relro,-z,lazy"]),
  "relocations left writable": layout(["-Wl,-z,norelro"]),
  "notes of control-flow protection": layout(["-fcf-protection=full"]),
  "notes of control-flow protection, ibt plt": layout(["-fcf-protection=full", "-Wl,-z,ibtplt"], { forms: gccForms }),
  "no section headers": layout([], { edit: withoutSectionHeaders }),
  "symbols stripped": layout(["-s"]),
  "segments aligned to 64 KB": layout(["-Wl,-z,max-page-size=0x10000"]),
  "segments aligned to 2 MB": layout(["-Wl,-z,max-page-size=0x200000"]),
  "code and headers in one segment": layout(["-Wl,-z,noseparate-code"]),
  "packed relocations": layout(["-Wl,-z,pack-relative-relocs"], { forms: allForms }),
  "old hash table only": layout(["-Wl,--hash-style=sysv"]),
  // It leaves no unused bytes.
  "linked by mold": layout(["-fuse-ld=mold"], { forms: gccForms.filter((name) => name !== "in place") }),
  "linked by gold": layout(["-fuse-ld=gold"], { forms: gccForms }),
  "relocations in code": layout(["-fno-pie", "-pie", "-mcmodel=large", "-Wl,-z,notext"], {
    forms: ["pinned", "beside /proc/self/exe"],
  }),
  "relocations in code of i386": layout(["-fno-pie", "-pie", "-Wl,-z,notext"], { forms: ["of i386"] }),
  "bounds of stacks": { program: "memory/stack-bounds.c", forms: portableForms },
  "executable stack": { program: "memory/stack-bounds.c", flags: ["-Wl,-z,execstack"], forms: allForms },
  "private memory": { program: "memory/data-size.c", forms: portableForms },
  "heap grown by brk": { program: "memory/break.c", forms: allForms },
  "heap of 4 GB": { program: "memory/large-heap.c" },
  "stack aligned": { program: "memory/alignment.c", forms: portableForms },
  "floating-point state": { program: "memory/floating-point.c", flags: ["-msse2"], forms: allForms },
  "own entry point": {
    program: "memory/own-start.c",
    flags: ["-nostartfiles", "-Wl,-e,begin"],
    arguments: ["an argument"],
    forms: allForms,
    exitCode: 6,
  },
});
