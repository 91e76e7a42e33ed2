// From an executable and its libraries to the bytes to write. Pure but for reading the blobs and the shared loader.

import { Buffer } from "node:buffer";
import { asFileOffset } from "../elf/address.ts";
import { encodeU32 } from "../elf/codec.ts";
import { DT_RPATH, DT_RUNPATH, PF_R, PF_W, PF_X, PT_INTERP, PT_NULL } from "../elf/constants.ts";
import type { ElfFile, ProgramHeader } from "../elf/model.ts";
import type { Interpreter, Resolution } from "../libraries/model.ts";
import { baseName, directoryOf, isInside, joinPath } from "../libraries/path.ts";
import { type Architecture, architectureOf } from "../native/architectures.ts";
import { type Blobs, blobsOf, loaderFileOffset, type Naming } from "../native/blobs.ts";
import { bytesOfText } from "../text.ts";
import { asksForBranchProtection } from "./branch-protection.ts";
import type { Edit, FilePlan, PatchIssue, Step, WrapFacts } from "./model.ts";
import { type Original, sidecarSuffix } from "./original.ts";
import { findRoom } from "./placement.ts";
import {
  EXTENSION_BRANCH_PROTECTION,
  EXTENSION_INTERPRETER_BRANCH_PROTECTION,
  encodeSidecar,
  type Sidecar,
} from "./sidecar.ts";
import { buildStub, PARAMETER_BESIDE, PARAMETER_SIDECAR_APART, type StubParameters, stubSizeLimit } from "./stub.ts";
import { restoringEdits } from "./unwrap.ts";
import { verifyPlan } from "./verify.ts";
import { readIfThere } from "./write-file.ts";

export interface PlanRequest {
  /** The executable, absolute. */
  readonly path: string;
  /** Its names in the trees, `path` first. */
  readonly names: readonly string[];
  /** Permission bits. */
  readonly mode: number;
  /** It has names that are not in `names`. */
  readonly hasOtherNames: boolean;
  /** The file as it is. */
  readonly current: ElfFile;
  /** What it was before, as `readOriginal` says. */
  readonly original: Exclude<Original, { readonly kind: "damaged" }>;
  readonly interpreter: Interpreter;
  readonly resolution: Resolution;
  readonly relocatable: boolean;
  readonly storeDirectory: string;
  readonly loaderDirectory?: string;
}

export type Planned =
  | { readonly kind: "plan"; readonly plan: FilePlan }
  | { readonly kind: "impossible"; readonly issue: PatchIssue };

/** Longest name of a directory entry, bytes. Source: Linux include/uapi/linux/limits.h NAME_MAX. */
const nameLimit = 255;

/** Plans one executable. Throws ElfError for a damaged file. */
export function planFile(request: PlanRequest): Planned {
  const { path, original } = request;
  const elf = original.kind === "wrapped" ? original.elf : request.current;
  const impossible = (issue: PatchIssue): Planned => ({
    kind: "impossible",
    issue,
  });

  const architecture = architectureOf(elf.header);
  if (architecture === undefined) {
    return impossible({
      kind: "unknown-architecture",
      path,
      machine: elf.header.machine,
    });
  }
  const linker = request.interpreter.elf.header;
  if (architectureOf(linker) !== architecture) {
    return impossible({
      kind: "interpreter-mismatch",
      path,
      interpreter: request.interpreter.path,
      machine: linker.machine,
      wantedMachine: elf.header.machine,
    });
  }
  const sidecarName = Buffer.concat([Buffer.from("."), bytesOfText(baseName(path)), Buffer.from(sidecarSuffix)]);
  if (sidecarName.length > nameLimit) {
    return impossible({
      kind: "sidecar-name-too-long",
      path,
      size: sidecarName.length,
      limit: nameLimit,
    });
  }
  const blobs = blobsOf(architecture);
  const shared = sharedLoader(request, architecture, blobs);
  if (shared?.kind === "impossible") return impossible(shared.issue);

  const header = elf.programHeaders.find(({ type }) => type === PT_INTERP);
  if (header === undefined) throw new Error(`${path} has no PT_INTERP and was taken for eligible`);
  const naming: Naming = !request.relocatable && isInside(path, request.storeDirectory) ? "absolute" : "beside";
  const sidecarPath = joinPath(directoryOf(path), `.${baseName(path)}${sidecarSuffix}`);
  const sidecarText = naming === "absolute" ? bytesOfText(sidecarPath) : Buffer.concat([Buffer.from("/"), sidecarName]);
  const parameters = (mapSize: number, loaderOffset: number): StubParameters =>
    shared === undefined
      ? {
          path: sidecarText,
          flags: naming === "beside" ? PARAMETER_BESIDE : 0,
          mapSize,
          loaderOffset,
        }
      : {
          path: bytesOfText(shared.path),
          flags: PARAMETER_SIDECAR_APART | (naming === "beside" ? PARAMETER_BESIDE : 0),
          mapSize: shared.size,
          loaderOffset: shared.loaderOffset,
          sidecar: sidecarText,
        };
  const code = blobs.stubs[shared === undefined ? naming : "absolute"];

  const wanted = stubSizeLimit(architecture, code, parameters(0, 0));
  const room = findRoom(elf, architecture, wanted);
  if (room === undefined)
    return impossible({
      kind: "entry-outside-segments",
      path,
      entry: elf.header.entry,
    });
  const { placement } = room;
  if (placement === undefined) return impossible({ kind: "no-room", path, wanted, largest: room.largest });

  const saved = elf.source.read(placement.savedOffset, placement.savedSize, "entry point");
  const encoded = encodeSidecar(
    architecture,
    sidecarOf(request, elf, header, room.segment, {
      saved: Uint8Array.from(saved),
      savedAddress: placement.savedAddress,
      loader: shared === undefined ? blobs.loader : new Uint8Array(0),
    }),
  );
  if ("field" in encoded) return impossible({ kind: "field-too-long", path, ...encoded });

  const stub = buildStub(
    architecture,
    code,
    parameters(encoded.bytes.length, encoded.loaderOffset),
    placement.stubAddress,
  );
  const stubbed = Buffer.from(saved);
  stubbed.set(stub, placement.stubOffset - placement.savedOffset);
  if (placement.kind === "before-entry") {
    const distance = room.entryOffset - placement.stubOffset;
    const jump = architecture.encodeJump(-distance);
    if (jump === undefined)
      return impossible({
        kind: "no-room",
        path,
        wanted,
        largest: room.largest,
      });
    stubbed.set(jump, room.entryOffset - placement.savedOffset);
  }

  const edits: readonly [Edit, Edit] = [
    {
      kind: "edit",
      what: "entry point",
      offset: placement.savedOffset,
      before: saved,
      after: stubbed,
    },
    {
      kind: "edit",
      what: "interpreter header",
      offset: header.headerOffset,
      before: encodeU32(architecture, PT_INTERP),
      after: encodeU32(architecture, PT_NULL),
    },
  ];
  const facts: WrapFacts = {
    architecture: architecture.name,
    elfClass: architecture.elfClass,
    entry: elf.header.entry,
    entryOffset: asFileOffset(room.entryOffset),
    room: room.room,
    stubSize: stub.length,
    placement,
    interpreter: request.interpreter.path,
    runPath: request.resolution.runPath,
    runPathTag: request.resolution.runPathTag,
    neededFirst: request.resolution.neededFirst,
    neededLast: request.resolution.neededLast,
    sidecarSize: encoded.bytes.length,
    naming,
    loader: shared === undefined ? { kind: "in-sidecar" } : { kind: "shared", path: shared.path },
  };
  const steps = stepsFrom(request, edits, encoded.bytes, sidecarPath);
  const plan: FilePlan = {
    path,
    sidecarPaths: [sidecarPath, ...otherSidecars(request, naming, baseName(sidecarPath))],
    sidecar: encoded.bytes,
    // r where there is x, and always for the owner.
    sidecarMode: 0o400 | ((request.mode & 0o111) << 2),
    steps,
    isRewrap: original.kind === "wrapped" && steps.length > 0,
    replaceByCopy: request.hasOtherNames && steps.some(({ kind }) => kind === "edit"),
    facts,
  };
  verifyPlan(elf, architecture, plan, edits);
  return { kind: "plan", plan };
}

function sidecarOf(
  request: PlanRequest,
  elf: ElfFile,
  header: ProgramHeader,
  segment: ProgramHeader,
  parts: Pick<Sidecar, "saved" | "savedAddress" | "loader">,
): Sidecar {
  const { interpreter, resolution, storeDirectory } = request;
  const isInStore = isInside(interpreter.path, storeDirectory);
  const protection = (segment.flags & PF_R ? 1 : 0) | (segment.flags & PF_W ? 2 : 0) | (segment.flags & PF_X ? 4 : 0);
  return {
    ...parts,
    entry: elf.header.entry,
    interpreter: bytesOfText(interpreter.path),
    runPath: bytesOfText(resolution.runPath.join(":")),
    needed: resolution.neededLast.map(bytesOfText),
    firstNeeded: resolution.neededFirst.map(bytesOfText),
    interpreterOffset: BigInt(header.offset),
    interpreterFileSize: BigInt(header.fileSize),
    // What is read off the interpreter now must still hold when the program starts: only the store promises that.
    debugAddress: isInStore ? debugAddressOf(interpreter) : 0n,
    runPathTag: resolution.runPath.length === 0 ? 0 : Number(resolution.runPathTag === "rpath" ? DT_RPATH : DT_RUNPATH),
    flags:
      protection |
      (asksForBranchProtection(elf) ? EXTENSION_BRANCH_PROTECTION : 0) |
      (isInStore && asksForBranchProtection(interpreter.elf) ? EXTENSION_INTERPRETER_BRANCH_PROTECTION : 0),
  };
}

/** Virtual address of glibc's struct r_debug. Source: gdb solib-svr4.c; glibc elf/dl-debug.c (_r_debug). */
function debugAddressOf(interpreter: Interpreter): bigint {
  return interpreter.cLibrary === "glibc" ? (interpreter.elf.dynamicSymbol("_r_debug") ?? 0n) : 0n;
}

interface SharedLoader {
  readonly kind: "found";
  readonly path: string;
  readonly size: number;
  readonly loaderOffset: number;
}

/** The shared loader of this architecture, which must be this version's; undefined when the sidecar carries it. */
function sharedLoader(
  request: PlanRequest,
  architecture: Architecture,
  blobs: Blobs,
): SharedLoader | { readonly kind: "impossible"; readonly issue: PatchIssue } | undefined {
  if (request.loaderDirectory === undefined) return undefined;
  const { path } = request;
  const candidates = ["loader.bin", `loader-${architecture.name}.bin`].map((name) =>
    joinPath(request.loaderDirectory ?? "", name),
  );
  let differing: string | undefined;
  for (const loaderPath of candidates) {
    const bytes = readIfThere(loaderPath);
    if (bytes === undefined) continue;
    if (blobs.loaderFile.equals(bytes)) {
      return {
        kind: "found",
        path: loaderPath,
        size: bytes.length,
        loaderOffset: loaderFileOffset,
      };
    }
    differing ??= loaderPath;
  }
  const blob = blobs.loaderPath;
  const issue: PatchIssue =
    differing === undefined
      ? { kind: "loader-missing", path, loaderPath: candidates[0] ?? "", blob }
      : { kind: "loader-differs", path, loaderPath: differing, blob };
  return { kind: "impossible", issue };
}

/** The same sidecar in the other directories where the file has a name and looks beside /proc/self/exe. */
function otherSidecars(request: PlanRequest, naming: Naming, name: string): readonly string[] {
  if (naming === "absolute") return [];
  const directories = new Set(request.names.map(directoryOf));
  directories.delete(directoryOf(request.path));
  return [...directories].map((directory) => joinPath(directory, name));
}

/** The steps from the file as it is to the file as planned. */
function stepsFrom(
  { original, current }: PlanRequest,
  [entry, header]: readonly [Edit, Edit],
  sidecar: Uint8Array,
  sidecarPath: string,
): readonly Step[] {
  const sidecarStep: Step = { kind: "sidecar" };
  if (original.kind === "unwrapped") return [sidecarStep, entry, header];

  const isSame = (bytes: Uint8Array, offset: number): boolean =>
    Buffer.from(bytes).equals(current.source.read(offset, bytes.length));
  const isStubbed =
    original.entry.offset === entry.offset &&
    original.entry.bytes.length === entry.before.length &&
    isSame(entry.after, entry.offset);
  const hasSidecar = original.sidecarPath === sidecarPath && Buffer.from(sidecar).equals(original.sidecarBytes);
  const clear: readonly Step[] = original.isCleared ? [] : [header];
  // The stub fits the new sidecar as it stands: replacing that by rename is one step.
  if (isStubbed) return [...(hasSidecar ? [] : [sidecarStep]), ...clear];
  return [...restoringEdits(current, original), sidecarStep, entry, header];
}
