// What this machine can do that not every Linux machine can. It is found out by trying, once a run (vitest.config.ts), and
// used by name: a test that needs one has its tag, `it("…", { tags: ["i386"] }, …)`, and is skipped and counted under
// that name where the machine lacks it. Nothing else is skipped: a package that is missing is a failure.

import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileSystemName, mountsImagesOf } from "../writing/image-file-systems.ts";

/** Ran to its end with exit status 0. */
function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore", timeout: 20_000 }).status === 0;
}

/**
 * A static ELF file of i386 that exits with 0: file header, one program header, `mov $1, %eax; xor %ebx, %ebx; int $0x80`.
 * Source: System V gABI, chapters 4 and 5.
 */
export function smallestI386Program(): Buffer {
  const code = Buffer.from("b80100000031dbcd80", "hex");
  const [headerSize, programHeaderSize, address] = [52, 32, 0x8048000];
  const start = headerSize + programHeaderSize;
  const file = Buffer.alloc(start + code.length);
  file.write("\x7fELF\x01\x01\x01", "latin1");
  const put16 = (offset: number, ...values: readonly number[]) => {
    for (const [i, value] of values.entries()) file.writeUInt16LE(value, offset + 2 * i);
  };
  const put32 = (offset: number, ...values: readonly number[]) => {
    for (const [i, value] of values.entries()) file.writeUInt32LE(value, offset + 4 * i);
  };
  const [ET_EXEC, EM_386, PT_LOAD, readAndExecute] = [2, 3, 1, 5];
  put16(16, ET_EXEC, EM_386);
  put32(20, 1, address + start, headerSize);
  put16(40, headerSize, programHeaderSize, 1);
  put32(headerSize, PT_LOAD, 0, address, address, file.length, file.length, readAndExecute, 0x1000);
  code.copy(file, start);
  return file;
}

function startsI386(): boolean {
  const directory = mkdtempSync(join(tmpdir(), "wrap-buddy-capability-"));
  try {
    const file = join(directory, "program");
    writeFileSync(file, smallestI386Program());
    chmodSync(file, 0o755);
    return succeeds(file, []);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Arguments of unshare that make whoever runs the tests root of a system of his own with several users. */
export function ownUsers(): readonly string[] {
  return process.getuid?.() === 0 ? [] : ["--user", "--map-root-user", "--map-auto"];
}

const ownSystem = ["--mount", "--pid", "--fork", "--kill-child", "--net", "--ipc", "--uts"];
const mountForTwoUsers =
  "mount -t tmpfs none /tmp && : > /tmp/file && chown 1234:1234 /tmp/file && mount -t proc none /proc";

/** Its processes are apart from this one's: inside of another sandbox firejail only starts the program. */
const isApart = "readlink /proc/self/ns/pid";
const makesFirejails = `there=$(firejail --quiet --noprofile --net=none ${isApart}) && [ "$there" != "$(${isApart})" ]`;

const mountsImages = (name: FileSystemName) => succeeds("sh", ["-euc", mountsImagesOf(name)]);

interface Probe {
  /** Completes "this machine …". */
  readonly does: string;
  readonly isThere: () => boolean;
}

export const capabilities = {
  i386: { does: "starts 32-bit x86 programs", isThere: startsI386 },
  namespaces: {
    does: "lets bubblewrap make root directories (as root, or with user namespaces)",
    isThere: () => succeeds("bwrap", ["--unshare-all", "--ro-bind", "/", "/", "true"]),
  },
  users: {
    does: "has a second user, mounts and set-ID bits for tests (as root, or with uidmap and a line in /etc/subuid)",
    isThere: () => succeeds("unshare", [...ownUsers(), ...ownSystem, "sh", "-euc", mountForTwoUsers]),
  },
  perf: {
    does: "lets perf take samples",
    isThere: () => succeeds("perf", ["record", "-q", "-e", "cpu-clock:u", "-o", "/dev/null", "true"]),
  },
  loop: {
    does: "mounts file systems from images (as root, with loop devices)",
    isThere: () => mountsImages("ext4"),
  },
  xfs: { does: "mounts images of XFS (as root, with a kernel that has it)", isThere: () => mountsImages("xfs") },
  btrfs: {
    does: "mounts images of Btrfs (as root, with a kernel that has it, of 6.7 or later)",
    isThere: () => mountsImages("btrfs"),
  },
  firejail: {
    does: "lets firejail make sandboxes (as root, or where it is set-user-ID root)",
    isThere: () => succeeds("sh", ["-euc", makesFirejails]),
  },
  trace: { does: "lets strace trace", isThere: () => succeeds("strace", ["-f", "-o", "/dev/null", "true"]) },
} as const satisfies { readonly [name: string]: Probe };

export type Capability = keyof typeof capabilities;

export const capabilityNames = Object.keys(capabilities) as readonly Capability[];

const isCapability = (word: string): word is Capability => capabilityNames.some((name) => name === word);
const wordsOf = (text: string) => text.split(/[ ,]+/).filter((word) => word !== "");

/**
 * Those that the machine lacks. WRAP_BUDDY_WITHOUT names further ones, to see here what a run is elsewhere; an unknown
 * name in it is an error.
 */
export function findLacking(): readonly Capability[] {
  const without = wordsOf(process.env["WRAP_BUDDY_WITHOUT"] ?? "");
  for (const word of without) {
    if (!isCapability(word)) throw new Error(`WRAP_BUDDY_WITHOUT: ${word} is none of ${capabilityNames.join(", ")}`);
  }
  return capabilityNames.filter((name) => without.includes(name) || !capabilities[name].isThere());
}

/** The variable by which a test process gets to know what was found out, and its value. */
export const lackingVariable = "WRAP_BUDDY_LACKING";

let lacking: readonly Capability[] | undefined;

/** What the machine lacks: as it was found out for the run, or, outside of a test run, by trying. */
export function lackingCapabilities(): readonly Capability[] {
  const found = process.env[lackingVariable];
  lacking ??= found === undefined ? findLacking() : wordsOf(found).filter(isCapability);
  return lacking;
}

export function hasCapability(name: Capability): boolean {
  return !lackingCapabilities().includes(name);
}
