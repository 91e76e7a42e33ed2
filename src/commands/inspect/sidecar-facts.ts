// What stands in the sidecar of a wrapped executable, and whether it still leads somewhere.

import { Buffer } from "node:buffer";
import { bytesOfText, textOfBytes } from "../../base/text.ts";
import type { ElfFile } from "../../elf/elf-file.ts";
import type { Original } from "../../patch/original.ts";
import { sidecarVersion } from "../../patch/sidecar/sidecar-codec.ts";
import { runPathTagOf } from "../../planning/what-loads/installed.ts";
import {
  fileReference,
  linkerReference,
  type Reader,
  readNeeded,
  readRunPath,
} from "../../planning/what-loads/reference.ts";
import type { SidecarFacts } from "./inspection.ts";

/** The facts of the wrapped file that `current` reads. Throws ElfError when it is cut short. */
export function sidecarFacts(
  current: ElfFile,
  original: Extract<Original, { readonly kind: "wrapped" }>,
  reader: Reader,
): SidecarFacts {
  const { sidecar, sidecarPath, sidecarBytes, entry } = original;
  const stub = Buffer.from(current.source.read(entry.offset, entry.bytes.length, "stub"));
  const isCarried = sidecar.loader.length > 0;
  return {
    path: sidecarPath,
    size: sidecarBytes.length,
    // decodeSidecar takes no other.
    version: sidecarVersion,
    naming: stub.includes(bytesOfText(sidecarPath)) ? "absolute" : "beside",
    interpreter: linkerReference(textOfBytes(sidecar.interpreter), reader),
    runPathTag: runPathTagOf(sidecar.runPathTag),
    runPath: readRunPath(textOfBytes(sidecar.runPath), reader),
    neededFirst: sidecar.firstNeeded.map((name) => readNeeded(textOfBytes(name), reader)),
    neededLast: sidecar.needed.map(textOfBytes),
    savedOffset: entry.offset,
    savedAddress: sidecar.savedAddress,
    savedSize: entry.bytes.length,
    loader: isCarried
      ? { kind: "in-sidecar", size: sidecar.loader.length }
      : { kind: "shared", loader: fileReference(sharedLoaderPath(stub), reader) },
    isFinished: original.isCleared,
  };
}

/** The path that a stub names: it stands after the stub's message. */
function sharedLoaderPath(stub: Buffer): string {
  const [, path = ""] = /cannot load (\/[^\0]*)\0/.exec(stub.toString("latin1")) ?? [];
  return textOfBytes(Buffer.from(path, "latin1"));
}
