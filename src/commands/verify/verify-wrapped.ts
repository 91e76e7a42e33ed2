// Whether a wrapped executable is wrapped, and whether what it refers to is there.

import { Buffer } from "node:buffer";
import { type Stats, statSync } from "node:fs";
import { directoryOf, isInside, systemPath } from "../../base/path.ts";
import { unlessRefused } from "../../base/system-error.ts";
import { textOfBytes } from "../../base/text.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import type { Candidate } from "../../files/discovery.ts";
import { oddHeader } from "../../files/kind/odd-headers.ts";
import type { Interpreter } from "../../linker/interpreter/interpreter.ts";
import { programOf } from "../../linker/solve/resolve.ts";
import { type Architecture, architectureOf } from "../../patch/architecture/architectures.ts";
import { blobsOf } from "../../patch/blobs.ts";
import { interpreterIssue, sidecarPathIn, type WrappedOriginal } from "../../patch/original.ts";
import type { PatchIssue } from "../../patch/patch-issue.ts";
import { privilegeIssue } from "../../patch/privileges.ts";
import { debugAddressOf } from "../../patch/sidecar/debug-address.ts";
import { executableOf } from "../../patch/sidecar/file-names.ts";
import { sidecarModeFor, sidecarModeNeeded } from "../../patch/sidecar/readers.ts";
import { PARAMETER_BESIDE } from "../../patch/stub/encode-stub.ts";
import { readIfThere } from "../../patch/write/write-file.ts";
import { inspectLoad, type LoadContext } from "../../planning/what-loads/inspected-load.ts";
import type { InspectedLoad } from "../../planning/what-loads/inspected-load-facts.ts";
import type { Linkers } from "../../planning/what-loads/linkers.ts";
import { whatLoads } from "../../planning/what-loads/what-loads.ts";
import type { FoundIssue, VerifyIssue } from "./verify-report.ts";
import { firstOddByte, hasSharedLoader, isSidecarAsWritten } from "./written-bytes.ts";

/** What the files of one run share. */
export interface Run extends LoadContext {
  readonly storeDirectory: string;
  readonly linkerAt: Linkers;
}

export interface Verified {
  readonly issues: readonly FoundIssue[];
  /** Undefined where nothing can load it. */
  readonly load: InspectedLoad | undefined;
}

/** Looks at one wrapped executable, which `current` reads. Throws ElfError where it or its original is damaged. */
export function verifyWrapped(current: ElfFile, wrapped: WrappedOriginal, candidate: Candidate, run: Run): Verified {
  const { path } = candidate;
  const { isCleared } = wrapped;
  const stopped = (issue: FoundIssue): Verified => ({ issues: [issue], load: undefined });
  if (!isCleared) return stopped({ kind: "wrapping-unfinished", path, before: "interpreter-header" });
  const architecture = architectureOf(current.header);
  if (architecture === undefined) {
    return stopped({ kind: "unknown-architecture", path, machine: current.header.machine });
  }
  const overwritten = interpreterIssue(current, path, wrapped, "warning");
  const defect = oddHeader(wrapped.elf, "stub");
  if (defect !== undefined) return stopped({ kind: "odd-header", path, defect });
  const { load, issues } = verifyLoad(wrapped, path, run);
  return {
    issues: [
      ...verifyBytes(current, wrapped, path, architecture),
      ...verifySharedLoader(wrapped, path, architecture),
      ...verifyNames(wrapped, candidate),
      ...verifyOwner(wrapped, path),
      ...verifyModes(wrapped, candidate),
      ...(overwritten === undefined ? [] : [overwritten]),
      ...issues,
    ],
    load,
  };
}

/** The stub and the sidecar by themselves, and their sizes by each other. */
function verifyBytes(
  current: ElfFile,
  wrapped: WrappedOriginal,
  path: string,
  architecture: Architecture,
): readonly VerifyIssue[] {
  const { stub, sidecarPath, sidecarBytes } = wrapped;
  const size = sidecarBytes.length;
  if (!hasSharedLoader(wrapped) && stub.mapSize !== size) {
    return [{ kind: "sidecar-size", path, sidecarPath, size, wanted: stub.mapSize }];
  }
  const offset = firstOddByte(current, wrapped, architecture);
  return [
    ...(offset === undefined ? [] : [{ kind: "stub-differs", path, offset } as const]),
    ...(isSidecarAsWritten(wrapped, architecture) ? [] : [{ kind: "sidecar-differs", path, sidecarPath } as const]),
  ];
}

function verifySharedLoader(wrapped: WrappedOriginal, path: string, architecture: Architecture): readonly PatchIssue[] {
  if (!hasSharedLoader(wrapped)) return [];
  const blobs = blobsOf(architecture);
  const loaderPath = textOfBytes(wrapped.stub.path);
  const bytes = readIfThere(loaderPath);
  if (bytes === undefined) return [{ kind: "loader-missing", path, loaderPath, blob: blobs.loaderPath }];
  return blobs.loaderFile.equals(bytes) ? [] : [{ kind: "loader-differs", path, loaderPath, blob: blobs.loaderPath }];
}

/** In every directory where the file has a name and looks beside /proc/self/exe lies the same sidecar. */
function verifyNames(
  { stub, sidecarBytes, sidecarPath }: WrappedOriginal,
  { path, names }: Candidate,
): readonly PatchIssue[] {
  const others = new Map(names.map((name) => [directoryOf(name), name]));
  others.delete(directoryOf(path));
  return [...others.values()].flatMap((name): readonly PatchIssue[] => {
    const other = sidecarPathIn(stub, name) ?? sidecarPath;
    const bytes = other === sidecarPath ? sidecarBytes : readIfThere(other);
    if (bytes !== undefined && Buffer.from(sidecarBytes).equals(bytes)) return [];
    const kind = bytes === undefined ? "absent" : "differs-from-other-name";
    return [{ kind: "sidecar-damaged", path: name, sidecarPath: other, problem: { kind } }];
  });
}

/** Whether the file that the sidecar is named after is another, and there: `bun build --compile` copies the bun that runs. */
function verifyOwner({ sidecarPath }: WrappedOriginal, path: string): readonly VerifyIssue[] {
  const owner = executableOf(sidecarPath);
  const id = fileIdOf(owner);
  return id === undefined || id === fileIdOf(path) ? [] : [{ kind: "sidecar-of-other", path, sidecarPath, owner }];
}

/** Device and inode; undefined for a file that is not there. */
function fileIdOf(path: string): string | undefined {
  const status = unlessRefused(() => statSync(systemPath(path), { bigint: true }), undefined);
  return status && `${status.dev}:${status.ino}`;
}

/** Whether everyone who may execute it may read its sidecar, and whether it will take it from there. */
function verifyModes({ stub, sidecarPath }: WrappedOriginal, { path, mode }: Candidate): readonly FoundIssue[] {
  const sidecar = statusOf(sidecarPath);
  const executable = statusOf(path);
  const sidecarMode = (sidecar?.mode ?? 0) & 0o7777;
  const wanted = executable && sidecar ? sidecarModeNeeded(executable, sidecar) : sidecarModeFor(mode);
  const privileges = privilegeIssue(path, mode, (stub.flags & PARAMETER_BESIDE) === 0 ? "absolute" : "beside");
  return [
    ...((sidecarMode & wanted) === wanted
      ? []
      : [{ kind: "sidecar-mode", path, sidecarPath, mode: sidecarMode, wanted } as const]),
    ...(privileges === undefined ? [] : [privileges]),
  ];
}

/** Undefined for a file that has gone meanwhile. */
function statusOf(path: string): Stats | undefined {
  return unlessRefused(() => statSync(systemPath(path)), undefined);
}

/** The dynamic linker, the run path and the libraries. */
function verifyLoad(wrapped: WrappedOriginal, path: string, run: Run): Verified {
  const { storeDirectory, linkerAt } = run;
  const { elf } = wrapped;
  const { installed, issues } = whatLoads({
    elf,
    path,
    program: programOf(elf, path, run),
    original: wrapped,
    leftAlone: undefined,
    question: "as-it-is",
    surroundings: undefined,
    linkerAt,
  });
  if (installed === undefined) return { issues, load: undefined };
  const { load, issues: found } = inspectLoad(installed, run);
  const gone = load.runPath.filter(({ text, isThere }) => !isThere && isInside(text, storeDirectory));
  return {
    issues: [
      ...issues,
      ...verifyDebugAddress(wrapped, path, installed.interpreter),
      ...gone.map(({ text }) => ({ kind: "run-path-entry-gone", path, entry: text }) as const),
      ...found,
    ],
    load,
  };
}

/** The loader writes to the address that the sidecar has, so it must be the one in this dynamic linker. */
function verifyDebugAddress(
  { sidecar }: WrappedOriginal,
  path: string,
  interpreter: Interpreter,
): readonly VerifyIssue[] {
  const { debugAddress } = sidecar;
  if (debugAddress === 0n || debugAddress === debugAddressOf(interpreter)) return [];
  return [{ kind: "interpreter-changed", path, interpreter: interpreter.path }];
}
