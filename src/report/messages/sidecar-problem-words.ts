// Why a sidecar cannot be used, in words.

import { baseName } from "../../base/path.ts";
import { executableOf } from "../../patch/sidecar/file-names.ts";
import type { SidecarProblem } from "../../patch/sidecar/sidecar-problem.ts";

/** What follows "cannot be used: ". */
export function describeSidecarProblem(problem: SidecarProblem): string {
  switch (problem.kind) {
    case "absent":
      return "it is not there";
    case "unreadable":
      return `cannot be read: ${problem.code}`;
    case "name-is-path":
      return "its name is a path";
    case "of-another-executable":
      return "it belongs to another executable, or a tool (patchelf, objcopy) has changed this one since";
    case "no-stub":
      return "the executable's first code, which used it, has been overwritten or is not its first any more";
    case "saved-stub":
      return "the bytes saved in it are a stub's";
    case "differs-from-other-name":
      return "it is another than that of the same file's other name";
    case "shorter-than-header":
      return `${problem.size} bytes, fewer than its header`;
    case "saved-past-end":
      return "the saved bytes reach past its end";
    case "no-room-for-extension":
      return "no room for the extension";
    case "no-extension":
      return "no extension where its sizes say";
    case "other-version":
      return `version ${problem.version}, not ${problem.wanted}`;
    case "check-differs":
      return "its numbers do not match their check";
    case "size-past-end":
      return "a size reaches past its end";
    case "name-without-nul":
      return "a name without its NUL";
    default:
      return problem satisfies never;
  }
}

/**
 * The way out: a sidecar that is only absent or forbidden need not be made again. An executable that is not called like
 * its sidecar was renamed, copied, or made by the one that is (`bun build --compile`).
 */
export function helpForSidecar({ kind }: SidecarProblem, path: string, sidecarPath: string): string {
  const owner = baseName(executableOf(sidecarPath));
  if (kind === "absent" && owner !== baseName(path)) {
    return `copy ${baseName(sidecarPath)} there from beside the ${owner} that it was copied from or made by, then wrap or unwrap it`;
  }
  if (kind === "absent") return "copy it there too, or restore the original executable and wrap it again";
  if (kind === "unreadable") return "make it readable for this user";
  return "restore the original executable, then wrap it again";
}
