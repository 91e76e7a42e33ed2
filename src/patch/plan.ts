// From an executable and its libraries to the bytes to write. Pure except for reading the blobs and the shared loader.

import { asFileOffset } from "../elf/address.ts";
import { encodeU32 } from "../elf/codec.ts";
import { PT_INTERP, PT_NULL } from "../elf/constants.ts";
import type { ElfFile, ProgramHeader, VirtualAddress } from "../elf/elf-file.ts";
import { type Architecture, architectureOf, entryStateOf } from "./architecture/architectures.ts";
import { verifyPlan } from "./check-plan.ts";
import type { Edit, FilePlan, Placement, PlannedSidecar, WrapFacts } from "./file-plan.ts";
import { isStaleSidecar, originalElf } from "./original.ts";
import type { PatchIssue } from "./patch-issue.ts";
import type { Planned, PlanRequest } from "./plan-request.ts";
import { sidecarModeFor } from "./sidecar/readers.ts";
import { type Recipe, recipeFor } from "./sidecar/recipe.ts";
import { encodeSidecar } from "./sidecar/sidecar-codec.ts";
import { sidecarContent } from "./sidecar/sidecar-content.ts";
import { refuseAmbiguous } from "./stub/ambiguous.ts";
import { copiedTablesLimit, copiedTablesSize } from "./stub/copied-tables.ts";
import { buildStub, stubSizeLimit } from "./stub/encode-stub.ts";
import { findRoom, type Room } from "./stub/placement.ts";
import { stubbedEntry } from "./stub/stubbed-entry.ts";
import { formerSidecar, isSidecarAt, missingEdits, passingNameFor } from "./what-is-left.ts";

/** Plans one executable, which has a PT_INTERP. Throws ElfError for a damaged file. */
export function planFile(request: PlanRequest): Planned {
  const { path, original } = request;
  const elf = originalElf(request.current, original);
  const architecture = commonArchitecture(elf, request);
  if ("issue" in architecture) return { kind: "impossible", ...architecture };
  const recipe = recipeFor(request, architecture, elf.header.entry);
  if ("issue" in recipe) return { kind: "impossible", ...recipe };
  const found = findPlace(elf, architecture, recipe, path);
  if ("issue" in found) return { kind: "impossible", ...found };

  const { room, placement } = found;
  const header = elf.programHeaders.find(({ type }) => type === PT_INTERP);
  if (header === undefined) throw new Error(`${path} has no PT_INTERP and was taken for eligible`);
  refuseAmbiguous(elf, header, room.segment, placement);
  // A copy: what is read is a part of the file's pages, which the plan would keep in memory.
  const saved = new Uint8Array(elf.source.read(placement.savedOffset, placement.savedSize, "entry point"));
  const formerCheck = original.kind === "wrapped" ? original.sidecar.interpreterCheck : undefined;
  const content = sidecarContent({ ...request, elf, header, segment: room.segment, formerCheck });
  const sidecar = encodeSidecar(architecture, {
    ...content,
    saved,
    savedAddress: placement.savedAddress,
    loader: recipe.carriedLoader,
    loaderAlign: architecture.loaderAlign,
  });
  if ("field" in sidecar) return { kind: "impossible", issue: { kind: "field-too-long", path, ...sidecar } };
  const stubOf = ({ code, parametersFor }: Recipe): Uint8Array =>
    buildStub(architecture, code, parametersFor(sidecar), placement.stubAddress);
  const editsWith = (stub: Uint8Array) => editsOf(stub, saved, found, elf.header.entry, header, architecture);
  const stub = stubOf(recipe);
  const edits = editsWith(stub);
  const sidecars: PlannedSidecar = {
    sidecarPaths: recipe.sidecarPaths,
    sidecar: sidecar.bytes,
    sidecarMode: sidecarModeFor(request.mode),
  };
  const writesSidecar = !sidecars.sidecarPaths.every((one) => isSidecarAt(one, sidecars, request));
  const missing = missingEdits(request, edits);
  const plan: FilePlan = {
    path,
    names: request.names,
    isBuildOutput: request.isBuildOutput,
    ...sidecars,
    writesSidecar,
    edits: missing,
    isRewrap: original.kind !== "unwrapped" && (writesSidecar || missing.length > 0),
    ...formerSidecar(original, recipe.sidecarPaths[0]),
    orphanSidecars: (request.orphanSidecars ?? []).filter((path) => isStaleSidecar(elf, path)),
    replaceByCopy: request.hasOtherNames && missing.length > 0,
    facts: factsOf(request, architecture, recipe, found, stub.length, sidecar.bytes.length),
  };
  verifyPlan(elf, architecture, plan, edits);
  const passingName = passingNameFor(request, plan);
  if (passingName === undefined) return { kind: "plan", plan };
  const passingRecipe = recipeFor(request, architecture, elf.header.entry, passingName);
  if ("issue" in passingRecipe) return { kind: "impossible", ...passingRecipe };
  const passingEdits = editsWith(stubOf(passingRecipe));
  verifyPlan(elf, architecture, plan, passingEdits);
  const passing = { sidecarPaths: passingRecipe.sidecarPaths, edits: missingEdits(request, passingEdits) };
  return { kind: "plan", plan: { ...plan, passing } };
}

/** The architecture of the executable, which the interpreter has to share. */
function commonArchitecture(
  { header }: ElfFile,
  { path, interpreter }: PlanRequest,
): Architecture | { readonly issue: PatchIssue } {
  const architecture = architectureOf(header);
  if (architecture === undefined) return { issue: { kind: "unknown-architecture", path, machine: header.machine } };
  const linker = interpreter.elf.header;
  if (architectureOf(linker) === architecture) return architecture;
  const { machine } = linker;
  return {
    issue: {
      kind: "interpreter-mismatch",
      path,
      interpreter: interpreter.path,
      machine,
      wantedMachine: header.machine,
    },
  };
}

/** The stub's place, found. */
interface Place {
  readonly room: Room;
  readonly placement: Placement;
}

function findPlace(
  elf: ElfFile,
  architecture: Architecture,
  { code, parametersFor }: Recipe,
  path: string,
): Place | { readonly issue: PatchIssue } {
  // First, because it bounds what looking for a place takes.
  const size = copiedTablesSize(elf);
  if (size > copiedTablesLimit) {
    const field = "copy of program headers and dynamic array";
    return { issue: { kind: "field-too-long", path, field, size, limit: copiedTablesLimit } };
  }
  const parameters = parametersFor({ bytes: new Uint8Array(0), loaderOffset: 0 });
  const wanted = stubSizeLimit(architecture, code, parameters);
  const room = findRoom(elf, architecture, wanted);
  if (room === undefined) return { issue: { kind: "entry-outside-segments", path, entry: elf.header.entry } };
  const { placement, largest } = room;
  if (placement === undefined) return { issue: { kind: "no-room", path, wanted, largest } };
  return { room, placement };
}

/** Over the entry point's `saved` bytes the stub, and no PT_INTERP any more. */
function editsOf(
  stub: Uint8Array,
  saved: Uint8Array,
  { room, placement }: Place,
  entry: VirtualAddress,
  header: ProgramHeader,
  architecture: Architecture,
): readonly [Edit, Edit] {
  const state = entryStateOf(architecture, entry);
  return [
    {
      what: "entry point",
      offset: placement.savedOffset,
      before: saved,
      after: stubbedEntry(saved, stub, state, { ...placement, entryOffset: room.entryOffset }),
    },
    {
      what: "interpreter header",
      offset: header.headerOffset,
      before: encodeU32(architecture, PT_INTERP),
      after: encodeU32(architecture, PT_NULL),
    },
  ];
}

function factsOf(
  { current, interpreter, resolution }: PlanRequest,
  architecture: Architecture,
  { naming, loader }: Recipe,
  { room, placement }: Place,
  stubSize: number,
  sidecarSize: number,
): WrapFacts {
  const { runPath, runPathTag, neededFirst, neededLast } = resolution;
  return {
    architecture: architecture.name,
    elfClass: architecture.elfClass,
    entry: current.header.entry,
    entryOffset: asFileOffset(room.entryOffset),
    room: room.room,
    stubSize,
    placement,
    interpreter: interpreter.path,
    runPath,
    runPathTag,
    neededFirst,
    neededLast,
    sidecarSize,
    naming,
    loader,
  };
}
