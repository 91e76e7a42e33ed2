// From a seed and a number to one case: which file of which tree is damaged, and how. The same each time.

import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../src/commands/wrap/run.ts";
import { architectures } from "../../../src/patch/architecture/architectures.ts";
import { blobsOf } from "../../../src/patch/blobs.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";
import { mapElf } from "../../support/elf/elf-fields.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";
import { damage } from "./damage.ts";
import { damageSidecar } from "./damage-sidecar.ts";
import { type WholeFile, wholeFile } from "./image.ts";
import { visitPlugIn } from "./plug-in.ts";
import { createRandom, type Random } from "./random.ts";
import type { Seed } from "./seeds.ts";
import {
  putBack,
  sidecarOf,
  type Tree,
  toolOf,
  type Visit,
  visitUnwrapped,
  visitWrapped,
  type Wrapped,
  writeTree,
} from "./way-there-and-back.ts";

/** A tree with everything in it that can be damaged. */
export interface Place {
  readonly tree: Tree;
  readonly tool: WholeFile;
  readonly libraries: readonly (readonly [name: string, whole: WholeFile])[];
  /** The executable wrapped in several ways; none where it cannot be. */
  readonly wrapped: readonly WrappedWhole[];
}

interface WrappedWhole {
  readonly tool: WholeFile;
  /** Undefined where it is in place. */
  readonly sidecar: Uint8Array | undefined;
}

/** Writes a seed's tree into `directory` and wraps it in each way. */
export function preparePlace(seed: Seed, directory: string): Place {
  const tree: Tree = { seed, root: directory, loaders: join(directory, "loaders") };
  writeTree(tree);
  const tool = wholeFile(seed.tool, mapElf(seed.tool));
  const libraries = Object.entries(seed.libraries).map(
    ([name, bytes]) => [name, wholeFile(bytes, mapElf(bytes))] as const,
  );
  mkdirSync(tree.loaders, { recursive: true });
  const architecture = architectures.find(({ name }) => name === seed.architecture);
  if (architecture !== undefined) copyFileSync(blobsOf(architecture).loaderPath, join(tree.loaders, "loader.bin"));
  return { tree, tool, libraries, wrapped: waysToWrap(tree).flatMap((way) => wrap(tree, tool, way)) };
}

function waysToWrap({ root, loaders }: Tree): readonly Partial<WrapRequest>[] {
  return [
    {},
    { storeDirectory: root, pin: "always" },
    { relocatable: true, loaderDirectory: loaders },
    { storeDirectory: root, loaderDirectory: loaders, runPathMode: "rpath" },
    { form: "in-place", appendRunPath: ["/run/opengl-driver/lib"] },
    { form: "in-place", runPathMode: "rpath" },
  ];
}

function wrap(tree: Tree, { map }: WholeFile, way: Partial<WrapRequest>): readonly WrappedWhole[] {
  const interpreters = [join(tree.root, "lib", tree.seed.linker)];
  const libraryDirectories = [join(tree.root, "lib")];
  const { files } = run(
    wrapRequestOf([toolOf(tree)], { interpreters, libraryDirectories, ignoreMissing: ["*"], ...way }),
  );
  const isWritten = files.some(({ kind }) => kind === "wrapped" || kind === "in-place");
  const made = {
    tool: wholeFile(Uint8Array.from(readFileSync(toolOf(tree))), map),
    sidecar: existsSync(sidecarOf(tree)) ? Uint8Array.from(readFileSync(sidecarOf(tree))) : undefined,
  };
  putBack(tree);
  return isWritten ? [made] : [];
}

/** A case that is chosen and not yet carried out. */
export interface Chosen {
  readonly tree: Tree;
  readonly title: string;
  /** The file that is damaged, as it was damaged. */
  readonly bytes: Uint8Array;
  readonly visit: () => Visit;
}

/** Case `number` of `seed`. It finds every tree whole, and `putBack` makes it so again. */
export function chooseCase(places: readonly Place[], seed: number, number: number): Chosen {
  const random = createRandom(seed, number);
  const place = random.pick(places);
  const { tree } = place;
  const turn = random.below(100);
  if (turn < 62 || place.wrapped.length === 0) {
    const { bytes, done } = damage(place.tool, random);
    return {
      tree,
      title: `${tree.seed.name}: ${done.join(", ")}`,
      bytes,
      visit: () => {
        writeFileSync(toolOf(tree), bytes);
        return visitUnwrapped(tree, bytes, random);
      },
    };
  }
  if (turn < 70) return damagedLibrary(place, random);
  if (turn < 76) return damagedPlugIn(place, random);
  return damagedWrapped(place, random);
}

function damagedLibrary({ tree, libraries, tool }: Place, random: Random): Chosen {
  const [name, whole] = random.pick(libraries);
  const { bytes, done } = damage(whole, random);
  const path = join(tree.root, "lib", name);
  return {
    tree,
    title: `${tree.seed.name}, ${name}: ${done.join(", ")}`,
    bytes,
    visit: () => {
      writeFileSync(path, bytes);
      try {
        return visitUnwrapped(tree, tool.bytes, random);
      } finally {
        writeFileSync(path, whole.bytes);
      }
    },
  };
}

function damagedPlugIn({ tree, libraries }: Place, random: Random): Chosen {
  const [name, whole] = random.pick(libraries.filter(([library]) => library === "libthree.so"));
  const { bytes, done } = random.oneIn(4) ? { bytes: whole.bytes, done: ["whole"] } : damage(whole, random);
  const title = `${tree.seed.name}, ${name}, a plug-in: ${done.join(", ")}`;
  return { tree, title, bytes, visit: () => visitPlugIn(tree, bytes, random) };
}

function damagedWrapped(place: Place, random: Random): Chosen {
  const { tree } = place;
  const { tool, sidecar } = random.pick(place.wrapped);
  const chosen = (title: string, bytes: Uint8Array, wrapped: Wrapped): Chosen => ({
    tree,
    title: `${tree.seed.name}, ${title}`,
    bytes,
    visit: () => {
      writeFileSync(toolOf(tree), wrapped.tool);
      return visitWrapped(tree, wrapped, random);
    },
  });
  const inPlace = sidecar === undefined;
  switch (inPlace ? random.pick([0, 4, 8, 9, 9, 9]) : random.pick([0, 1, 2, 3, 5, 6, 7])) {
    case 0:
    case 1:
    case 2: {
      const { bytes, done } = damage(tool, random);
      return chosen(`wrapped: ${done.join(", ")}`, bytes, { tool: bytes, sidecar });
    }
    case 3: {
      const other = random.oneIn(2) ? undefined : random.pick(place.wrapped).sidecar;
      const what = other === undefined ? "without its sidecar" : "with the sidecar of another way";
      return chosen(`wrapped: ${what}`, tool.bytes, { tool: tool.bytes, sidecar: other });
    }
    case 4: {
      const bytes = torn(place.tool.bytes, tool.bytes, random);
      return chosen("with only the first of the stretches in place", bytes, { tool: bytes, sidecar });
    }
    case 8: {
      const bytes = place.tool.bytes.slice();
      copyChanges(bytes, tool.bytes, () => random.oneIn(2));
      return chosen("with some of the stretches in place", bytes, { tool: bytes, sidecar });
    }
    case 9: {
      const bytes = tool.bytes.slice();
      const changed = changedOffsets(place.tool.bytes, bytes);
      for (let left = 1 + random.below(4); left > 0; left--) {
        const at = random.pick(changed) + random.below(5) - 2;
        bytes[at] = random.pick([0, 1, 0xff, random.below(256), random.below(256)]);
      }
      return chosen("with other bytes in place", bytes, { tool: bytes, sidecar });
    }
    default: {
      if (inPlace) throw new Error("there is no sidecar to damage");
      const { bytes, done } = damageSidecar(sidecar, tool.map.format, random);
      return chosen(`wrapped: ${done.join(", ")}`, bytes, { tool: tool.bytes, sidecar: bytes });
    }
  }
}

/** A file in which only the first of the bytes that wrapping changes are changed. */
function torn(original: Uint8Array, wrapped: Uint8Array, random: Random): Uint8Array {
  const changed = changedOffsets(original, wrapped);
  const end = changed[random.below(changed.length)] ?? 0;
  const bytes = original.slice();
  bytes.set(wrapped.subarray(0, end));
  return bytes;
}

function changedOffsets(original: Uint8Array, wrapped: Uint8Array): readonly number[] {
  return [...original.keys()].filter((at) => original[at] !== wrapped[at]);
}

/** Changes `bytes` into `wrapped`, stretch by stretch, where `isTaken` says so. */
function copyChanges(bytes: Uint8Array, wrapped: Uint8Array, isTaken: () => boolean): void {
  let last = -16;
  let isWritten = false;
  for (const at of changedOffsets(bytes, wrapped)) {
    if (at - last >= 16) isWritten = isTaken();
    last = at;
    const byte = wrapped[at];
    if (isWritten && byte !== undefined) bytes[at] = byte;
  }
}
