// A small static program that starts another one, which it finds relative to itself: what a script's first line cannot.

import { Buffer } from "node:buffer";
import { bytesOfText } from "../../../base/text.ts";
import { readElfFile } from "../../../files/read-file.ts";
import { architectureOf } from "../../../patch/architecture/architectures.ts";
import { launcherBlob } from "../../../patch/blobs.ts";
import { encodeExecutable, type Items } from "./static-executable.ts";

/** Stands in a value for the launcher's own directory and a slash. */
export const here = "\u0001";

/** What is done to a variable. A value may have `here` in it. */
export type VariableChange =
  | { readonly does: "set" | "set-default"; readonly name: string; readonly value: string }
  | { readonly does: "prefix" | "suffix"; readonly name: string; readonly value: string; readonly separator: string }
  | { readonly does: "unset"; readonly name: string };

/**
 * What a program finds as its first argument. "own": what the launcher is called. "given": that text. "placed": that path,
 * by which it may look for what lies beside it, unless the launcher is called by a name that the path does not end with.
 */
export type Called =
  | { readonly kind: "own" }
  | { readonly kind: "given"; readonly text: string }
  | { readonly kind: "placed"; readonly path: string };

/** What a launcher does. Values may have `here` in them. */
export interface Launch {
  /** What is started. */
  readonly program: string;
  readonly variables: readonly VariableChange[];
  readonly called: Called;
  /** Before the launcher's arguments, and after them. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The first byte of each item; native/launcher/launcher.c reads them. */
const letters = { set: "s", "set-default": "v", prefix: "b", suffix: "e", unset: "u" } as const;

/** The launcher's file for the machine of `executable`; undefined where there is no launcher for that. */
export function launcherFor(executable: string, launch: Launch): Uint8Array | undefined {
  const reading = readElfFile(executable, (elf) => ({ header: elf.header, architecture: architectureOf(elf.header) }));
  if (reading.kind !== "read" || reading.result.architecture === undefined) return undefined;
  const { architecture, header } = reading.result;
  return encodeExecutable(header, launcherBlob(architecture), encodeLaunch(launch));
}

/** Items of a letter and texts with their NULs; a NUL where a letter would stand ends them. */
export function encodeLaunch({ program, variables, called, before, after }: Launch): Items {
  const items = [
    ...variables.map(variableItem),
    calledItem(called),
    ...before.map((text) => `a${text}`),
    "o",
    ...after.map((text) => `a${text}`),
    `p${program}`,
  ];
  const bytes = items.map((text) => bytesOfText(`${text}\0`));
  return { count: items.length, bytes: Buffer.concat([...bytes, Buffer.from([0])]) };
}

function calledItem(called: Called): string {
  switch (called.kind) {
    case "own":
      return "i";
    case "given":
      return `a${called.text}`;
    case "placed":
      return `n${called.path}`;
    default:
      return called satisfies never;
  }
}

function variableItem(change: VariableChange): string {
  const item = `${letters[change.does]}${change.name}=`;
  switch (change.does) {
    case "unset":
      return item;
    case "set":
    case "set-default":
      return `${item}\0${change.value}`;
    case "prefix":
    case "suffix":
      return `${item}\0${change.value}\0${change.separator}`;
    default:
      return change satisfies never;
  }
}
