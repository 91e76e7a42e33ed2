// A directory as a tar archive that is the same whenever and by whomever it is made: names sorted, times 1, owner 0.
// Of a file with several names the first has its content, the others are links to that. Long names in GNU's way, which
// GNU tar, bsdtar and busybox all read; busybox does not read those of pax.
// Source: GNU tar manual, "Basic Tar Format"; POSIX.1-2017 pax, "ustar Interchange Format".

import { closeSync, lstatSync, openSync, readlinkSync, readSync, writeSync } from "node:fs";
import { readEntries } from "../../../base/directory-entries.ts";
import { joinPath, systemPath } from "../../../base/path.ts";
import { bytesOfText, textOfBytes } from "../../../base/text.ts";
import { attempt } from "../../../patch/write/system-call.ts";
import { bundleTime, directoryMode, modeOf } from "./copy.ts";

const blockSize = 512;
/** tar writes records of 20 blocks. */
const recordSize = 20 * blockSize;
const nameSize = 100;
const copySize = 1 << 20;

/** Writes `directory` as the archive `archive`, in which everything lies below `name`. Throws CallError. */
export function writeTar(directory: string, name: string, archive: string): void {
  const output = attempt(archive, "open", () => openSync(systemPath(archive), "wx", 0o644));
  let written = 0;
  const write = (bytes: Uint8Array): void => {
    attempt(archive, "write", () => {
      for (let done = 0; done < bytes.length; ) done += writeSync(output, bytes, done);
    });
    written += bytes.length;
  };
  try {
    addEntry(directory, name, write, new Map());
    write(Buffer.alloc(2 * blockSize));
    write(Buffer.alloc((recordSize - (written % recordSize)) % recordSize));
  } finally {
    closeSync(output);
  }
}

type Write = (bytes: Uint8Array) => void;

/** `written`: names of files that have several, by inode. */
function addEntry(path: string, name: string, write: Write, written: Map<bigint, string>): void {
  const status = attempt(path, "lstat", () => lstatSync(systemPath(path), { bigint: true }));
  const mode = modeOf((status.mode & 0o111n) !== 0n);
  const first = written.get(status.ino);
  if (status.isSymbolicLink()) {
    const target = attempt(path, "readlink", () => textOfBytes(readlinkSync(systemPath(path), "buffer")));
    writeHeader({ name, type: "2", mode: 0o777, size: 0, target }, write);
  } else if (status.isDirectory()) {
    writeHeader({ name: `${name}/`, type: "5", mode: directoryMode, size: 0 }, write);
    for (const entry of readEntries(path))
      addEntry(joinPath(path, entry.name), `${name}/${entry.name}`, write, written);
  } else if (first !== undefined) {
    writeHeader({ name, type: "1", mode, size: 0, target: first }, write);
  } else {
    if (status.nlink > 1n) written.set(status.ino, name);
    writeHeader({ name, type: "0", mode, size: Number(status.size) }, write);
    copyContent(path, Number(status.size), write);
  }
}

function copyContent(path: string, size: number, write: Write): void {
  const input = attempt(path, "open", () => openSync(systemPath(path), "r"));
  try {
    const buffer = Buffer.alloc(Math.min(copySize, size));
    for (let at = 0; at < size; ) {
      const count = attempt(path, "read", () => readSync(input, buffer, 0, buffer.length, at));
      if (count === 0) throw new Error(`${path} became shorter while it was packed`);
      write(buffer.subarray(0, count));
      at += count;
    }
  } finally {
    closeSync(input);
  }
  write(padding(size));
}

interface Header {
  readonly name: string;
  /**
   * typeflag: "0" a file, "1" another name of `target`, "2" a symbolic link, "5" a directory, "L" and "K" a long name or
   * target of what follows.
   */
  readonly type: "0" | "1" | "2" | "5" | "L" | "K";
  readonly mode: number;
  /** Bytes that follow. */
  readonly size: number;
  readonly target?: string;
}

function writeHeader(header: Header, write: Write): void {
  const { name, target = "" } = header;
  for (const [text, type] of [
    [target, "K"],
    [name, "L"],
  ] as const) {
    const bytes = bytesOfText(text);
    if (bytes.length <= nameSize) continue;
    write(block({ name: "././@LongLink", type, mode: 0o644, size: bytes.length + 1 }));
    write(Buffer.concat([bytes, Buffer.from([0])]));
    write(padding(bytes.length + 1));
  }
  write(block(header));
}

/** One header: numbers in octal, the checksum over all bytes with itself as spaces. */
function block({ name, type, mode, size, target = "" }: Header): Uint8Array {
  const bytes = Buffer.alloc(blockSize);
  const octal = (value: number, offset: number, length: number): void => {
    bytes.write(value.toString(8).padStart(length - 1, "0"), offset, "latin1");
  };
  bytesOfText(name).copy(bytes, 0, 0, nameSize);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(bundleTime, 136, 12);
  bytes.write("        ", 148, "latin1");
  bytes.write(type, 156, "latin1");
  bytesOfText(target).copy(bytes, 157, 0, nameSize);
  bytes.write("ustar  ", 257, "latin1");
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes;
}

function padding(size: number): Uint8Array {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}
