// What helps against a failed system call, by its error.

const helps: ReadonlyMap<string, string> = new Map([
  ["EACCES", "make the file and its directory writable for this user"],
  ["EPERM", "make the file and its directory writable for this user"],
  ["EROFS", "copy the tree to a writable place first"],
  ["ENOSPC", "make room on the file system, then run it again"],
  ["EDQUOT", "make room in the quota, then run it again"],
  ["ETXTBSY", "stop the program, then run it again"],
  ["EMFILE", "let it open more files (ulimit -n), then run it again"],
]);

/** Help for an error while files are written; `code` names it ("ENOSPC"). */
export function systemCallHelp(code: string): string {
  return helps.get(code) ?? "run it again when the cause is gone: a second run finishes what was begun";
}
