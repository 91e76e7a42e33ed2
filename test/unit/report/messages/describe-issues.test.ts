import { expect, test } from "vitest";
import type { SidecarProblem } from "../../../../src/patch/sidecar/sidecar-problem.ts";
import { plainPaint } from "../../../../src/report/colour.ts";
import type { ReportContext } from "../../../../src/report/context.ts";
import type { Issue } from "../../../../src/report/issue.ts";
import { describeIssues } from "../../../../src/report/messages/describe-issues.ts";
import { renderMessages } from "../../../../src/report/render.ts";
import { cliContext, everyIssue, hookContext } from "../../commands/wrap/sample-outcome.ts";

function say(issues: readonly Issue[], context: ReportContext = cliContext): string {
  return renderMessages(describeIssues(issues, context), plainPaint).trimEnd();
}

function sayKind(kind: Issue["kind"]): string {
  const issues = everyIssue.filter((issue) => issue.kind === kind);
  return `${say(issues)}\n${say(issues, hookContext)}`;
}

test("says that a path does not exist", () => {
  expect(sayKind("no-such-path")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: no such file or directory
      help: check its spelling
    wrap-buddy: error: /home/me/tool: no such file or directory
      help: check what is given to wrapBuddy's arguments"
  `);
});

test("says why a path cannot be read", () => {
  expect(sayKind("cannot-read")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: cannot be read: permission denied (EACCES)
      help: make it readable, or leave it out with --exclude
    wrap-buddy: error: /home/me/tool: cannot be read: permission denied (EACCES)
      help: make it readable, or leave it out with wrapBuddyExclude"
  `);
});

test("says what to do about a path that leads nowhere, is too long, or is refused for another reason", () => {
  const issues = ["ELOOP", "ENAMETOOLONG", "EIO"].map((code): Issue => ({ kind: "cannot-read", path: "/x", code }));
  expect(say(issues)).toMatchInlineSnapshot(`
    "wrap-buddy: error: /x: cannot be read: too many symbolic links encountered (ELOOP)
      help: follow its symbolic links (readlink), and mend the one that leads back, or name what they were to lead to
    wrap-buddy: error: /x: cannot be read: name too long (ENAMETOOLONG)
      help: check its spelling: a name has at most 255 bytes, a path 4095
    wrap-buddy: error: /x: cannot be read: i/o error (EIO)
      help: run it again when the cause is gone, or leave it out with --exclude"
  `);
});

test("says what a named file is that is no ELF file", () => {
  const issues = [undefined, "a FIFO"].map(
    (detail): Issue => ({ kind: "not-elf", path: "/x", reason: "special-file", ...(detail && { detail }) }),
  );
  expect(`${sayKind("not-elf")}\n${say(issues)}`).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: not an ELF file: it is a script for /bin/sh
      help: name the executable for Linux itself, not a script that starts it or an archive that it is in
    wrap-buddy: error: ./tool: not an ELF file: it is empty
      help: fetch or build it again: what was to write it has written nothing
    wrap-buddy: error: /home/me/tool: not an ELF file: it is a script for /bin/sh
      help: name the executable for Linux itself, not a script that starts it or an archive that it is in
    wrap-buddy: error: /home/me/tool: not an ELF file: it is empty
      help: fetch or build it again: what was to write it has written nothing
    wrap-buddy: error: /x: not an ELF file: it is neither a regular file nor a directory
      help: name the executable itself; what only a FIFO gives has to be written to a file first
    wrap-buddy: error: /x: not an ELF file: it is a FIFO
      help: name the executable itself; what only a FIFO gives has to be written to a file first"
  `);
});

test("names the damaged structure and the two values that disagree", () => {
  expect(sayKind("damaged-elf")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: program header 3 at 0x118: its end 0xffff0000 is past the end of the file (0x4f20)
      help: fetch it again if it was cut short, or leave it out with --exclude
    wrap-buddy: error: /home/me/tool: program header 3 at 0x118: its end 0xffff0000 is past the end of the file (0x4f20)
      help: fetch it again if it was cut short, or leave it out with wrapBuddyExclude"
  `);
});

test("says why a file named by the user cannot be wrapped", () => {
  expect(sayKind("cannot-wrap-named-file")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: cannot be wrapped: it is statically linked and starts as it is
      help: it needs no wrapping: leave it out
    wrap-buddy: error: /home/me/tool: cannot be wrapped: it is statically linked and starts as it is
      help: it needs no wrapping: leave it out"
  `);
});

test("says what a file without a dynamic linker is, and what to pass", () => {
  expect(sayKind("no-interpreter")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: no 64-bit x86_64 dynamic linker is given or found (it names /lib64/ld-linux-x86-64.so.2)
      help: pass one with --interpreter, for example /nix/store/…-glibc-…/lib/ld-linux-x86-64.so.2
    wrap-buddy: error: /home/me/tool: no 64-bit x86_64 dynamic linker is given or found (it names /lib64/ld-linux-x86-64.so.2)
      help: add one to wrapBuddyInterpreters, for example \${glibc}/lib/ld-linux-x86-64.so.2"
  `);
});

test("says what is wrong with a given dynamic linker", () => {
  expect(sayKind("bad-interpreter")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./ld.so: cannot be the dynamic linker: no such file
      help: check what is given to --interpreter
    wrap-buddy: error: /home/me/ld.so: cannot be the dynamic linker: no such file
      help: check what is given to wrapBuddyInterpreters"
  `);
});

test("warns of a library directory that is a file", () => {
  expect(sayKind("bad-library-directory")).toMatchInlineSnapshot(`
    "wrap-buddy: warning: ./libfoo.so: not searched for libraries: not a directory (ENOTDIR)
      help: give the directory that holds it to --libs
    wrap-buddy: warning: /home/me/libfoo.so: not searched for libraries: not a directory (ENOTDIR)
      help: give its package to buildInputs"
  `);
});

test("says which library is missing and how many directories were searched", () => {
  expect(sayKind("missing-library")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: libfoo.so.1 not found in 14 library directories
      help: give the directory that holds it with --libs, or name it in --ignore-missing
    wrap-buddy: error: /home/me/tool: libfoo.so.1 not found in 14 library directories
      help: add its package to buildInputs, or list it in wrapBuddyIgnoreMissing"
  `);
});

test("names the missing version, the library and the newest version it has", () => {
  expect(sayKind("missing-version")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool needs GLIBC_2.38 from libc.so.6, /nix/store/gggg-glibc-2.36/lib/libc.so.6 has up to GLIBC_2.36
      help: give the interpreter of a newer C library with --interpreter, or list libc.so.6:GLIBC_2.38 in --ignore-missing
    wrap-buddy: error: /home/me/tool needs GLIBC_2.38 from libc.so.6, /nix/store/gggg-glibc-2.36/lib/libc.so.6 has up to GLIBC_2.36
      help: give the interpreter of a newer C library with wrapBuddyInterpreters, or list libc.so.6:GLIBC_2.38 in wrapBuddyIgnoreMissing"
  `);
});

test("says which of two libraries with one soname is taken", () => {
  expect(sayKind("duplicate-soname")).toMatchInlineSnapshot(`
    "wrap-buddy: note: libq.so.1 is there more than once: /a/libq.so.1 is taken
      not taken: /b/libq.so.1
    wrap-buddy: note: libq.so.1 is there more than once: /a/libq.so.1 is taken
      not taken: /b/libq.so.1"
  `);
});

test("says why a file with the right name is not taken", () => {
  expect(sayKind("rejected-candidate")).toMatchInlineSnapshot(`
    "wrap-buddy: note: /a/libc.so: not taken for libc.so: it is not an ELF file
    wrap-buddy: note: /a/libc.so: not taken for libc.so: it is not an ELF file"
  `);
});

test("says what a library opened at run time is wanted for", () => {
  expect(sayKind("dlopen-missing")).toMatchInlineSnapshot(`
    "wrap-buddy: warning: ./tool: liblzma.so.5 not found, which it opens while it runs (recommended for compression)
      help: give the directory that holds it with --libs, or name it in --ignore-missing
    wrap-buddy: warning: /home/me/tool: liblzma.so.5 not found, which it opens while it runs (recommended for compression)
      help: add the package that has it to buildInputs, or list it in wrapBuddyIgnoreMissing"
  `);
});

test("asks whether a library that a file names is opened at run time", () => {
  expect(sayKind("opened-by-name")).toMatchInlineSnapshot(`
    "wrap-buddy: note: ./tool: opens libudev.so.1 at run time? it would not be found
      Chromium, CEF and Electron end without it
      help: if so, give the directory that holds it with --runtime-dependencies; with Nix: --runtime-dependencies $(nix build --no-link --print-out-paths 'nixpkgs#udev^*')
    wrap-buddy: note: /home/me/tool: opens libudev.so.1 at run time? it would not be found
      Chromium, CEF and Electron end without it
      help: if so, add udev to runtimeDependencies; if not, list it in wrapBuddyIgnoreMissing"
  `);
});

test("puts together what files name, with those first that programs end without", () => {
  const named = (neededBy: string, ...alternatives: readonly string[]): Issue => ({
    kind: "opened-by-name",
    severity: "note",
    executable: "/home/me/tool",
    neededBy,
    alternatives,
  });
  const issues = [
    named("/home/me/tool", "libselinux.so.1"),
    named("/home/me/tool", "libGL.so.1"),
    named("/home/me/lib/libq.so", "libudev.so.1", "libudev.so.0"),
    named("/home/me/tool", "libudev.so.1"),
  ];
  expect(say(issues, hookContext)).toMatchInlineSnapshot(`
    "wrap-buddy: note: opened at run time? 3 libraries that files name would not be found
      libudev.so.1: named in /home/me/lib/libq.so and /home/me/tool, nixpkgs has it in udev; Chromium, CEF and Electron end without it
      libGL.so.1: named in /home/me/tool, nixpkgs has it in libGL; Chromium, SDL, GLFW and glutin open it for graphics
      libselinux.so.1: named in /home/me/tool, nixpkgs has it in libselinux
      help: if so, add udev, libGL and libselinux to runtimeDependencies; if not, list what is not opened in wrapBuddyIgnoreMissing"
  `);
});

test("warns of a privileged program that will refuse to start", () => {
  expect(sayKind("privileges-refused")).toMatchInlineSnapshot(`
    "wrap-buddy: warning: ./tool: set-user-ID: it will refuse to start where that gives it privileges, because its sidecar is looked for beside it
      help: wrap it in the Nix store without --relocatable, or in place (--form), or take the bit away with chmod
    wrap-buddy: warning: /home/me/tool: set-user-ID: it will refuse to start where that gives it privileges, because its sidecar is looked for beside it
      help: wrap it in the Nix store without wrapBuddyRelocatable, or in place (wrapBuddyForm), or take the bit away with chmod"
  `);
});

test("says what another tool has done to a wrapped executable", () => {
  expect(sayKind("interpreter-overwritten")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: changed by something else since it was wrapped: the path of its former interpreter is not at 0x318 any more (patchelf moves it)
      help: it cannot be unwrapped: restore the original executable, run patchelf on that, then wrap it
    wrap-buddy: error: /home/me/tool: changed by something else since it was wrapped: the path of its former interpreter is not at 0x318 any more (patchelf moves it)
      help: it cannot be unwrapped: restore the original executable, run patchelf on that, then wrap it"
  `);
  expect(sayKind("packed-since")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: packed with UPX since it was wrapped: what uses its sidecar ./.tool.wrapbuddy is inside
      help: unpack it first: upx -d
    wrap-buddy: error: /home/me/tool: packed with UPX since it was wrapped: what uses its sidecar /home/me/.tool.wrapbuddy is inside
      help: unpack it first: upx -d"
  `);
  expect(sayKind("in-place-lost")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: its run path is not where its dynamic array says: strip or objcopy has dropped it
      help: restore the original file, strip it, then wrap it
    wrap-buddy: error: /home/me/tool: its run path is not where its dynamic array says: strip or objcopy has dropped it
      help: restore the original file, strip it, then wrap it"
  `);
});

test("says that there is no stub for a machine", () => {
  expect(sayKind("unknown-architecture")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: there is no stub for mips
      help: leave it out with --exclude
    wrap-buddy: error: /home/me/tool: there is no stub for mips
      help: leave it out with wrapBuddyExclude"
  `);
});

test("says how much room there is and how much is needed", () => {
  expect(sayKind("no-room")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: no room for the stub: 202 bytes needed, 74 at the largest place in its executable segment
      help: it may have room in place: --form; or leave it out with --exclude
    wrap-buddy: error: /home/me/tool: no room for the stub: 202 bytes needed, 74 at the largest place in its executable segment
      help: it may have room in place: wrapBuddyForm; or leave it out with wrapBuddyExclude"
  `);
});

test("says that the entry point lies nowhere", () => {
  expect(sayKind("entry-outside-segments")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: entry point 0x401000 lies in no executable segment's file bytes
      help: leave it out with --exclude
    wrap-buddy: error: /home/me/tool: entry point 0x401000 lies in no executable segment's file bytes
      help: leave it out with wrapBuddyExclude"
  `);
});

test("says which field of the sidecar is too long", () => {
  expect(sayKind("field-too-long")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: run path is too long: 70123 bytes, at most 65535
      help: give fewer directories or names: --libs, --runtime-dependencies, --needed
    wrap-buddy: error: /home/me/tool: run path is too long: 70123 bytes, at most 65535
      help: give fewer directories or names: buildInputs, runtimeDependencies, wrapBuddyExtraNeeded"
  `);
});

test("says that the sidecar's name would be too long", () => {
  expect(sayKind("sidecar-name-too-long")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: its name is too long for the sidecar's: 261 bytes, at most 255
      help: give the executable a shorter name
    wrap-buddy: error: /home/me/tool: its name is too long for the sidecar's: 261 bytes, at most 255
      help: give the executable a shorter name"
  `);
});

test("says that the interpreter is for another machine", () => {
  expect(sayKind("interpreter-mismatch")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: built for x86_64, but the interpreter /a/ld-linux.so.2 is for i386
      help: give one for x86_64 with --interpreter
    wrap-buddy: error: /home/me/tool: built for x86_64, but the interpreter /a/ld-linux.so.2 is for i386
      help: give one for x86_64 with wrapBuddyInterpreters"
  `);
});

test("says where the shared loader is missing", () => {
  expect(sayKind("loader-missing")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: the shared loader is missing: /a/loader.bin
      help: copy /b/x86_64.bin there, or do without --loader-dir-path
    wrap-buddy: error: /home/me/tool: the shared loader is missing: /a/loader.bin
      help: copy /b/x86_64.bin there, or do without --loader-dir-path in wrapBuddyFlags"
  `);
});

test("says that the shared loader is of another version", () => {
  expect(sayKind("loader-differs")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: the shared loader is of another version: /a/loader.bin
      help: replace it by /b/x86_64.bin, or do without --loader-dir-path
    wrap-buddy: error: /home/me/tool: the shared loader is of another version: /a/loader.bin
      help: replace it by /b/x86_64.bin, or do without --loader-dir-path in wrapBuddyFlags"
  `);
});

test("says that a missing sidecar can be put back, and an unreadable one made readable", () => {
  const sidecarPath = "/home/me/.tool.wrapbuddy";
  const problems: readonly SidecarProblem[] = [{ kind: "absent" }, { kind: "unreadable", code: "EACCES" }];
  const issues = problems.map(
    (problem) => ({ kind: "sidecar-damaged", path: "/home/me/tool", sidecarPath, problem }) as const,
  );
  expect(say(issues)).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: wrapped, but its sidecar ./.tool.wrapbuddy cannot be used: it is not there
      help: copy it there too, or restore the original executable and wrap it again
    wrap-buddy: error: ./tool: wrapped, but its sidecar ./.tool.wrapbuddy cannot be used: cannot be read: EACCES
      help: make it readable for this user"
  `);
});

test("says what is wrong with a sidecar", () => {
  expect(sayKind("sidecar-damaged")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: wrapped, but its sidecar ./.tool.wrapbuddy cannot be used: the saved bytes reach past its end
      help: restore the original executable, then wrap it again
    wrap-buddy: error: /home/me/tool: wrapped, but its sidecar /home/me/.tool.wrapbuddy cannot be used: the saved bytes reach past its end
      help: restore the original executable, then wrap it again"
  `);
});

test("names the system call that failed, and why", () => {
  expect(sayKind("system-call-failed")).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: open failed: text file is busy (ETXTBSY)
      help: stop the program, then run it again
    wrap-buddy: error: /home/me/tool: open failed: text file is busy (ETXTBSY)
      help: stop the program, then run it again"
  `);
});

test("every message has a headline on one line and, unless it is a note, a help line", () => {
  for (const context of [cliContext, hookContext]) {
    for (const message of describeIssues(everyIssue, context)) {
      expect(message.headline).not.toMatch(/\n|\.$|^$/);
      expect([message.headline, message.severity === "note" || message.help.length > 0]).toEqual([
        message.headline,
        true,
      ]);
    }
  }
});

test("says all versions that one object misses of one library in one message", () => {
  const issue = everyIssue.find((one) => one.kind === "missing-version");
  if (issue?.kind !== "missing-version") throw new Error("no sample");
  expect(say([issue, { ...issue, version: "GLIBC_2.39" }])).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool needs GLIBC_2.38 and GLIBC_2.39 from libc.so.6, /nix/store/gggg-glibc-2.36/lib/libc.so.6 has up to GLIBC_2.36
      help: give the interpreter of a newer C library with --interpreter, or list libc.so.6:GLIBC_2.38 and libc.so.6:GLIBC_2.39 in --ignore-missing"
  `);
});

test("offers a newer library, not a newer interpreter, for a version of another library than libc", () => {
  const issue = everyIssue.find((one) => one.kind === "missing-version");
  if (issue?.kind !== "missing-version") throw new Error("no sample");
  const other: Issue = {
    ...issue,
    neededBy: "/home/me/lib/libq.so",
    library: "libstdc++.so.6",
    libraryPath: "/old/libstdc++.so.6",
    version: "GLIBCXX_3.4.32",
    newestProvided: undefined,
  };
  expect(say([other])).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./lib/libq.so needs GLIBCXX_3.4.32 from libstdc++.so.6, /old/libstdc++.so.6 defines no versions
      loaded by ./tool
      help: give a newer libstdc++.so.6 with --libs, or list libstdc++.so.6:GLIBCXX_3.4.32 in --ignore-missing"
  `);
});

test("asks for one of several libraries that a program tries to open", () => {
  const issue: Issue = {
    kind: "dlopen-missing",
    severity: "error",
    executable: "/home/me/tool",
    neededBy: "/home/me/lib/libq.so",
    alternatives: ["libidn2.so.0", "libidn.so.12"],
    feature: undefined,
    priority: "required",
  };
  expect(sayBoth(issue)).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./lib/libq.so: libidn2.so.0 or libidn.so.12 not found, which it opens while it runs (required)
      loaded by ./tool
      help: give the directory that holds one of them with --libs, or name it in --ignore-missing
    wrap-buddy: error: /home/me/lib/libq.so: libidn2.so.0 or libidn.so.12 not found, which it opens while it runs (required)
      loaded by /home/me/tool
      help: add the package that has one of them to buildInputs, or list it in wrapBuddyIgnoreMissing"
  `);
});

test("an issue that every executable of a run has is said once", () => {
  const issue: Issue = {
    kind: "rejected-candidate",
    severity: "note",
    name: "libc.so",
    path: "/a/libc.so",
    reason: "not-elf",
  };
  expect(describeIssues([issue, { ...issue }], cliContext)).toHaveLength(1);
});

test("executables that lack the same dynamic linker are one message", () => {
  const issue = everyIssue.find((one) => one.kind === "no-interpreter");
  if (issue?.kind !== "no-interpreter") throw new Error("no sample");
  const other: Issue = { ...issue, path: "/home/me/old", named: "/lib/ld-linux.so.2", machine: 3, elfClass: 32 };
  expect(say([issue, other, { ...issue, path: "/home/me/more" }])).toMatchInlineSnapshot(`
    "wrap-buddy: error: no 64-bit x86_64 dynamic linker is given or found for 2 executables (they name /lib64/ld-linux-x86-64.so.2)
      ./tool
      ./more
      help: pass one with --interpreter, for example /nix/store/…-glibc-…/lib/ld-linux-x86-64.so.2
    wrap-buddy: error: ./old: no 32-bit i386 dynamic linker is given or found (it names /lib/ld-linux.so.2)
      help: pass one with --interpreter, for example /nix/store/…-glibc-…/lib/ld-linux.so.2"
  `);
});

test("a file name cannot forge a line of the report", () => {
  const path = "/home/me/a\nwrap-buddy: error: \u001b[2Jb\udce9";
  expect(say([{ kind: "no-such-path", path }])).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./a\\nwrap-buddy: error: \\x1b[2Jb\\xe9: no such file or directory
      help: check its spelling"
  `);
});

function sayBoth(issue: Issue): string {
  return `${say([issue])}\n${say([issue], hookContext)}`;
}

test("says which entries may lead nowhere on another machine, and what is found there only", () => {
  expect(sayKind("only-on-this-machine")).toMatchInlineSnapshot(`
    "wrap-buddy: warning: ./tool: run path entry /usr/lib/systemd may be on this machine only, and is searched last
      found nowhere else: libsystemd-shared-257.so
      help: give the directory that holds it with --libs
    wrap-buddy: warning: /home/me/tool: run path entry /usr/lib/systemd may be on this machine only, and is searched last
      found nowhere else: libsystemd-shared-257.so
      help: add the package that has it to buildInputs"
  `);
  const entry = { executable: "/home/me/tool", neededBy: "/home/me/tool", libraries: [] } as const;
  const issue = { kind: "only-on-this-machine", severity: "note", ...entry } as const;
  expect(
    say([
      { ...issue, entry: "run-path", path: "/usr/lib/systemd", count: 99 },
      { ...issue, severity: "warning", entry: "needed", path: "/opt/x/libx.so", count: 1 },
    ]),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: note: 99 executables: run path entry /usr/lib/systemd may be on this machine only, and is searched last
    wrap-buddy: warning: ./tool: /opt/x/libx.so is needed by its path, and may be on this machine only"
  `);
});

test("says which library does not search the given directories, and what loads what it opens", () => {
  expect(sayKind("given-directories-unsearched")).toMatchInlineSnapshot(`
    "wrap-buddy: warning: ./tool: has a DT_RUNPATH of its own, so what it opens is not searched for in /nix/store/x-gl/lib
      help: name what it opens in --needed: then the executable loads it before
    wrap-buddy: warning: /home/me/tool: has a DT_RUNPATH of its own, so what it opens is not searched for in /nix/store/x-gl/lib
      help: name what it opens in wrapBuddyExtraNeeded: then the executable loads it before"
  `);
});

test("says which libraries open others by paths of a store that is to be moved, all in one message", () => {
  expect(sayKind("opens-by-old-path")).toMatchInlineSnapshot(`
    "wrap-buddy: warning: /nix/store/x-gl/lib/libGL.so.1: looks for what it opens in /nix/store/x-drivers/lib, which is not there in a store that is moved
      help: name what it opens in --needed: then the executable loads it before; or make a bundle, which gives libraries relative run paths
    wrap-buddy: warning: /nix/store/x-gl/lib/libGL.so.1: looks for what it opens in /nix/store/x-drivers/lib, which is not there in a store that is moved
      help: name what it opens in wrapBuddyExtraNeeded: then the executable loads it before; or make a bundle, which gives libraries relative run paths"
  `);
  const issue = {
    kind: "opens-by-old-path",
    executable: "/home/me/tool",
    count: 1,
    directories: ["/s/d", "/s/e"],
  } as const;
  expect(
    say([
      { ...issue, severity: "note", path: "/s/a.so" },
      { ...issue, severity: "warning", path: "/s/b.so" },
      { ...issue, severity: "note", path: "/s/c.so" },
    ]),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: note: 2 libraries look for what they open by paths that are not there in a store that is moved
      /s/a.so: /s/d and /s/e
      /s/c.so: /s/d and /s/e
      help: name what they open in --needed: then the executable loads it before; or make a bundle, which gives libraries relative run paths
    wrap-buddy: warning: /s/b.so: looks for what it opens in /s/d and /s/e, which is not there in a store that is moved
      help: name what it opens in --needed: then the executable loads it before; or make a bundle, which gives libraries relative run paths"
  `);
});

test("says where the sidecar of a program lies that a wrapped one has made", () => {
  const problem: SidecarProblem = { kind: "absent" };
  expect(
    say([{ kind: "sidecar-damaged", path: "/home/me/app", sidecarPath: "/home/me/.bun.wrapbuddy", problem }]),
  ).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./app: wrapped, but its sidecar ./.bun.wrapbuddy cannot be used: it is not there
      help: copy .bun.wrapbuddy there from beside the bun that it was copied from or made by, then wrap or unwrap it"
  `);
});

test("says of a missing library which files have its name and do not match", () => {
  const executable = "/home/me/tool";
  const missing = { kind: "missing-library", severity: "error", executable, neededBy: executable } as const;
  const none = { searched: 3, nearMisses: [] };
  const passedOver = [
    { path: "/gnu/libstdc++.so.6", reason: "for-glibc" },
    { path: "/other/libstdc++.so.6", reason: "for-glibc" },
    { path: "/arm/libstdc++.so.6", reason: "wrong-machine" },
  ] as const;
  const issue: Issue = { ...missing, name: "libstdc++.so.6", ...none, passedOver };
  expect(sayBoth(issue)).toMatchInlineSnapshot(`
    "wrap-buddy: error: ./tool: libstdc++.so.6 not found in 3 library directories
      found, but it is for glibc: /gnu/libstdc++.so.6 and /other/libstdc++.so.6
      found, but it is for another machine: /arm/libstdc++.so.6
      help: give the directory that holds it with --libs, or name it in --ignore-missing; with Nix: --libs $(nix build --no-link --print-out-paths 'nixpkgs#pkgsMusl.stdenv.cc.cc.lib^*')
    wrap-buddy: error: /home/me/tool: libstdc++.so.6 not found in 3 library directories
      found, but it is for glibc: /gnu/libstdc++.so.6 and /other/libstdc++.so.6
      found, but it is for another machine: /arm/libstdc++.so.6
      help: add pkgsMusl.stdenv.cc.cc.lib to buildInputs, or list it in wrapBuddyIgnoreMissing"
  `);
  const other: Issue = {
    ...missing,
    name: "libother.so",
    ...none,
    passedOver: [{ path: "/a/libother.so", reason: "for-musl" }],
  };
  expect(say([issue, other])).toMatchInlineSnapshot(`
    "wrap-buddy: error: 2 libraries that 1 file needs not found in 3 library directories
      libstdc++.so.6: needed by ./tool, nixpkgs has it in pkgsMusl.stdenv.cc.cc.lib
        found, but it is for glibc: /gnu/libstdc++.so.6 and /other/libstdc++.so.6
        found, but it is for another machine: /arm/libstdc++.so.6
      libother.so: needed by ./tool
        found, but it is for musl: /a/libother.so
      help: give the directories that hold them with --libs, or name what may be missing in --ignore-missing; with Nix: --libs $(nix build --no-link --print-out-paths 'nixpkgs#pkgsMusl.stdenv.cc.cc.lib^*')"
  `);
});

test("says of a program without an execute bit where to set it", () => {
  expect(sayKind("program-without-execute-bit")).toMatchInlineSnapshot(`
    "wrap-buddy: warning: ./tool: has no execute bit, and is left alone
      help: set it (chmod +x), or name the file itself: an archive may have lost it
    wrap-buddy: warning: /home/me/tool: has no execute bit, and is left alone
      help: set it in installPhase or postInstall (chmod +x): an archive may have lost it"
  `);
});
