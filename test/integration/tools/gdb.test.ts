// gdb on a wrapped program: libraries, stacks, attaching, core files. As for the original, whose answers are asked first.

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Ran, runBesideStore } from "../../support/roots/sandbox.ts";
import type { Store } from "../../support/roots/store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { installedBefore, toolForms } from "./on-this-machine.ts";

const programs = installedBefore({
  debugged: {
    program: "processes/debugged.c",
    flags: ["-O0", "-gdwarf-4"],
    linkedWith: ["-Wl,--no-as-needed", "-lm"],
    forms: toolForms,
  },
});

const quiet = "gdb -nx -q -batch -iex 'set debuginfod enabled off' -iex 'set auto-load safe-path /'";

/** Runs gdb with `commands` on what follows them, through a shell script. */
function gdb(store: Store, commands: readonly string[], operands: readonly string[], script = ""): Promise<Ran> {
  const asked = commands.flatMap((command) => ["-ex", command]);
  const words = ["sh", "-c", `${script}exec ${quiet} "$@"`, "gdb", ...asked, ...operands] as const;
  return runBesideStore(store, words, { seconds: 60 });
}

/** The sonames that "info sharedlibrary" lists. */
function libraries({ stdout }: Ran): readonly string[] {
  const listed = stdout.matchAll(/^0x[0-9a-f]+\s+0x[0-9a-f]+\s+\S+.*\/(\S+)$/gm);
  return [...listed].map((match) => match[1] ?? "").sort();
}

/** The functions on the stack that "backtrace" printed last. */
function stack({ stdout }: Ran): readonly string[] {
  const frames = stdout.slice(stdout.lastIndexOf("#0 ")).matchAll(/^#\d+ +(?:0x\w+ in )?(\S+)/gm);
  return [...frames].map((match) => match[1] ?? "");
}

const loaded = ["ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6"];
/** gdb reads them where the program is when it stops for the first time; it is not told when they are loaded. */
const readLibraries = ["start", "sharedlibrary"];

describe.each(toolForms)("gdb with a program %s", (form) => {
  /** The same questions to the original and to the wrapped program. */
  async function ask(commands: readonly string[]): Promise<{ readonly native: Ran; readonly wrapped: Ran }> {
    const { original, wrapped, command } = programs(form);
    const operands = command("debugged");
    return { native: await gdb(original, commands, operands), wrapped: await gdb(wrapped, commands, operands) };
  }

  it("lists the libraries at a breakpoint in main", async () => {
    const { native, wrapped } = await ask(["break main", "run", "info sharedlibrary"]);
    expect(libraries(native)).toEqual(loaded);
    expect(libraries(wrapped)).toEqual(loaded);
  });

  it("stops at a breakpoint in a library, set before it runs, once the libraries are read", async () => {
    const pending = ["set breakpoint pending on", "break qsort_r"];
    const { native, wrapped } = await ask([...pending, ...readLibraries, "continue", "backtrace"]);
    expect(stack(native).slice(1, 3)).toEqual(["sort", "start_thread"]);
    expect(stack(wrapped)).toEqual(stack(native));
  });

  it("shows the stack through a library, threads and their variables", async () => {
    const { native, wrapped } = await ask([
      ...[...readLibraries, "break compare_numbers", "continue", "backtrace", "print of_thread", "print $_thread"],
      ...["continue", "print of_thread", "print $_thread", "finish", "up", "backtrace"],
    ]);
    expect(stack(native)).toEqual(expect.arrayContaining(["msort_with_tmp", "sort", "main"]));
    expect(stack(wrapped)).toEqual(stack(native));
    const values = ({ stdout }: Ran) => stdout.match(/^\$\d = .*/gm);
    expect(values(native)).toEqual(["$1 = 40", "$2 = 2", "$3 = 40", "$4 = 1"]);
    expect(values(wrapped)).toEqual(values(native));
  });

  it("lists the libraries and the stacks when it attaches", async () => {
    const start = (path: string) =>
      `said=$(mktemp); "${path}" wait >"$said" & until grep -q waiting "$said"; do sleep 0.05; done; set -- -p $! "$@"; `;
    const questions = ["info sharedlibrary", "thread 2", "backtrace", "kill"];
    const { original, wrapped, command } = programs(form);
    const [path] = command("debugged");
    const attached = (store: Store) => gdb(store, questions, [], start(path));
    const native = await attached(original);
    expect([libraries(native), stack(native)]).toEqual([loaded, expect.arrayContaining(["compare_numbers", "sort"])]);
    const ours = await attached(wrapped);
    expect([libraries(ours), stack(ours)]).toEqual([loaded, stack(native)]);
  });

  it("lists the libraries and the stack from a core file", async () => {
    const { original, wrapped, command } = programs(form);
    const [path] = command("debugged");
    const fromCore = (store: Store) => {
      const core = join(temporaryDirectory(), "core");
      const dump = ["run abort", `generate-core-file ${core}`, "kill"].map((word) => `-ex '${word}'`).join(" ");
      const questions = ["info sharedlibrary", "backtrace"];
      return gdb(store, questions, [path, core], `${quiet} ${dump} --args "${path}" abort >/dev/null 2>&1; `);
    };
    const native = await fromCore(original);
    expect([libraries(native), stack(native)]).toEqual([loaded, expect.arrayContaining(["compare_numbers", "sort"])]);
    const ours = await fromCore(wrapped);
    expect([libraries(ours), stack(ours)]).toEqual([loaded, stack(native)]);
  });
});
