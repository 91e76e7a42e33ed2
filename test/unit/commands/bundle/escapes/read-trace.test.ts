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

test("names have every byte that a name may have", () => {
  const opened = read(
    '10 execve("/bundle/root/a \\"b\\"", ["a"], 0x7ffc) = 0',
    '10 openat(AT_FDCWD</work>, "/usr/\\303\\244", O_RDONLY) = 3</usr/\\303\\244>',
    '10 openat(AT_FDCWD</work>, "/usr/\\344", O_RDONLY) = 3</usr/\\344>',
    '10 openat(AT_FDCWD</work>, "/usr/b\\nc\\0019", O_RDONLY) = 3</usr/b\\nc\\0019>',
    '10 openat(AT_FDCWD</wo) = 1 rk>, "/usr/d) = -1 \\"", O_RDONLY) = 3</usr/d) = -1 \\">',
    '10 openat(AT_FDCWD</work>, "/usr/<e>", O_RDONLY) = 3</usr/\\74e\\76>',
  );
  expect(opened.map((one) => [one.place, one.opened])).toEqual(
    ["<e>", "b\nc\x019", 'd) = -1 "', "\u00e4", "\udce4"].map((name) => ['root/a "b"', `/usr/${name}`]),
  );
});

test("a program that is started by a directory, or by the open file, is known by its path", () => {
  const opened = read(
    '10 execve("/bundle/root/a", ["a"], 0x7ffc) = 0',
    '10 execveat(3</usr/nowhere>, "b", ["b"], NULL, 0) = 0',
    '11 execveat(4</bundle/root/c>, "", ["c"], NULL, AT_EMPTY_PATH) = 0',
    '11 openat(AT_FDCWD</work>, "/usr/lib/c", O_RDONLY) = 3</usr/lib/c>',
  );
  expect(opened).toEqual([
    { place: "root/a", opened: "/usr/nowhere/b", does: "starts" },
    { place: "root/c", opened: "/usr/lib/c", does: "opens" },
  ]);
});

test("a command that is run in the root directory is not taken to be about all that there is", () => {
  const log = '10 execve("/bundle/root/a", ["a"], 0x7ffc) = 0\n10 openat(AT_FDCWD</>, "usr/x", O_RDONLY) = 3</usr/x>';
  expect(readTrace(log, "/bundle", "/")).toHaveLength(1);
});
