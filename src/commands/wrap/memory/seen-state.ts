// The file system as a run has seen it, and whether it is still like that. Reads only.

import { digestOf } from "../../../base/digest.ts";
import { isDirectory, readEntryNames } from "../../../base/directory-entries.ts";
import { signatureAt } from "../../../base/file-signature.ts";
import { realPathOf } from "../../../base/real-path.ts";
import { errorCode } from "../../../base/system-error.ts";
import type { Consulted } from "../../../linker/search/library-index.ts";
import { isLeftoverName, isSidecarName } from "../../../patch/sidecar/file-names.ts";
import type { SeenState } from "./run-memory.ts";

/**
 * What was `consulted`, to be compared later. Undefined where it cannot be: something could not be read, or was changed
 * while the run that began at `beginning` (milliseconds since 1970) went on.
 */
export function seenStateOf(consulted: Consulted, beginning: number): SeenState | undefined {
  const files = new Map<string, string>();
  for (const [path, state] of consulted.files) {
    if (state === undefined || (state !== "absent" && state.atRest >= beginning)) return undefined;
    files.set(path, state === "absent" ? state : state.text);
  }
  return {
    directories: new Map(consulted.directories.map(([path, names]) => [path, checkOfNames(names)])),
    files,
    areDirectories: new Map(consulted.areDirectories),
    realPaths: new Map(consulted.realPaths),
  };
}

/** Whether everything is as it was. */
export function isStillSo({ directories, files, areDirectories, realPaths }: SeenState): boolean {
  return (
    [...files].every(([path, text]) => textAt(path) === text) &&
    [...directories].every(([path, check]) => checkOfNames(namesIn(path)) === check) &&
    [...areDirectories].every(([path, answer]) => isDirectory(path) === answer) &&
    [...realPaths].every(([path, answer]) => (realPathOf(path) ?? path) === answer)
  );
}

/** Both; of what both have seen the later one counts. */
export function mergeSeen(one: SeenState, other: SeenState): SeenState {
  return {
    directories: new Map([...one.directories, ...other.directories]),
    files: new Map([...one.files, ...other.files]),
    areDirectories: new Map([...one.areDirectories, ...other.areDirectories]),
    realPaths: new Map([...one.realPaths, ...other.realPaths]),
  };
}

/** As textOfSignature has it. */
export function textAt(path: string): string | undefined {
  return textOfSignature(signatureAt(path));
}

/** The text of a file's signature; "absent"; undefined where nobody may look. */
export function textOfSignature(signature: ReturnType<typeof signatureAt>): string | undefined {
  return typeof signature === "object" ? signature.text : signature;
}

/** Of the names without those that wrapping makes. */
function checkOfNames(names: Iterable<string> | string): string {
  if (typeof names === "string") return names;
  const own = [...names].filter((name) => !isSidecarName(name) && !isLeftoverName(name));
  return digestOf(own.sort().join("\0")).toString("base64");
}

function namesIn(path: string): readonly string[] | string {
  try {
    return readEntryNames(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code;
  }
}
