// A small static program that starts another one, which it finds relative to itself: what a script's first line cannot.

import { Buffer } from "node:buffer";
import { bytesOfText } from "../../base/text.ts";
import { readElfFile } from "../../files/read-file.ts";
import { architectureOf } from "../../patch/architecture/architectures.ts";
import { launcherBlob } from "../../patch/blobs.ts";
import { encodeExecutable } from "./static-executable.ts";

/** What a launcher does. Paths are relative to the directory that it lies in. */
export interface Launch {
  /** What is started. */
  readonly program: string;
  /** Of a script: what comes before the arguments that the launcher was given; undefined: those are passed on whole. */
  readonly firstArguments:
    | { readonly name: string; readonly arguments: readonly string[]; readonly script: string }
    | undefined;
  /** Set where they are not set already. */
  readonly variables: readonly { readonly name: string; readonly path: string }[];
}

/** The first byte of each item; native/launcher/launcher.c reads them. */
const item = { program: "p", argument: "a", path: "f", variable: "v" } as const;

/** The launcher's file for the machine of `executable`; undefined where there is no launcher for that. */
export function launcherFor(executable: string, launch: Launch): Uint8Array | undefined {
  const reading = readElfFile(executable, (elf) => ({ header: elf.header, architecture: architectureOf(elf.header) }));
  if (reading.kind !== "read" || reading.result.architecture === undefined) return undefined;
  const { architecture, header } = reading.result;
  return encodeExecutable(header, launcherBlob(architecture), encodeLaunch(launch));
}

/** Items of a letter and a text with its NUL; a NUL where a letter would stand ends them. */
export function encodeLaunch({ program, firstArguments, variables }: Launch): Buffer {
  const first = firstArguments;
  const items = [
    ...variables.map(({ name, path }) => `${item.variable}${name}=\0${path}`),
    ...(first === undefined ? [] : [`${item.argument}${first.name}`]),
    ...(first?.arguments ?? []).map((text) => `${item.argument}${text}`),
    ...(first === undefined ? [] : [`${item.path}${first.script}`]),
    `${item.program}${program}`,
  ];
  return Buffer.concat([...items.map((text) => bytesOfText(`${text}\0`)), Buffer.from([0])]);
}
