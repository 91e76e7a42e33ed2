import { expect, test } from "vitest";
import { readTrace } from "../../../../../src/commands/bundle/escapes/read-trace.ts";

const read = (...lines: readonly string[]) => readTrace(lines.join("\n"), "/bundle", "/work");

test("a program of the bundle is said to open what is outside, and not what is the machine's or in the working directory", () => {
  const opened = read(
    '10 execve("/bundle/root/usr/bin/git", ["git"], 0x7ffc /* 3 vars */) = 0',
    '10 openat(AT_FDCWD</work>, "/usr/share/x", O_RDONLY) = 3</usr/share/x>',
    '10 openat(AT_FDCWD</work>, "/usr/share/none", O_RDONLY) = -1 ENOENT (No such file or directory)',
    '10 openat(AT_FDCWD</work>, "/etc/passwd", O_RDONLY) = 3</etc/passwd>',
    '10 openat(AT_FDCWD</work>, "f", O_RDONLY) = 3</work/f>',
    '10 openat(AT_FDCWD</work>, "/bundle/root/usr/lib/y", O_RDONLY) = 3</bundle/root/usr/lib/y>',
  );
  expect(opened).toEqual([{ place: "root/usr/bin/git", opened: "/usr/share/x", does: "opens" }]);
});

test("a child counts as the program until it starts another, whose files are no affair of the bundle's", () => {
  const opened = read(
    '10 execve("/usr/bin/sh", ["sh"], 0x7ffc) = 0',
    '10 openat(AT_FDCWD</work>, "/usr/lib/sh", O_RDONLY) = 3</usr/lib/sh>',
    '10 execve("/bundle/root/a", ["a"], 0x7ffc) = 0',
    "10 vfork( <unfinished ...>",
    "10 <... vfork resumed>) = 11",
    '11 openat(AT_FDCWD</work>, "/usr/lib/a", O_RDONLY) = 3</usr/lib/a>',
    '11 execve("/usr/bin/nowhere/env", ["env"], 0x7ffc <unfinished ...>',
    "11 <... execve resumed>) = 0",
    '11 openat(AT_FDCWD</work>, "/usr/lib/env", O_RDONLY) = 3</usr/lib/env>',
    "11 +++ exited with 0 +++",
  );
  expect(opened).toEqual([
    { place: "root/a", opened: "/usr/bin/nowhere/env", does: "starts" },
    { place: "root/a", opened: "/usr/lib/a", does: "opens" },
  ]);
});

test("a name with quotes or bytes that are not printable is read back", () => {
  const opened = read(
    '10 execve("/bundle/root/a \\"b\\"", ["a"], 0x7ffc) = 0',
    '10 openat(AT_FDCWD</work>, "/usr/\\303\\244", O_RDONLY) = 3</usr/\\303\\244>',
  );
  expect(opened).toEqual([{ place: 'root/a "b"', opened: "/usr/\u00c3\u00a4", does: "opens" }]);
});
