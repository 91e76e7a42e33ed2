// The newest patchelf, unpacked by debian-roots.sh with the C library that it needs.

import { fileURLToPath } from "node:url";
import { execaSync } from "execa";

const tools = fileURLToPath(new URL("../../../build/debian/tools", import.meta.url));

/** What it prints, without the line's end; undefined where it fails. */
export function patchelf(...words: readonly string[]): string | undefined {
  const program = ["--library-path", `${tools}/usr/lib/x86_64-linux-gnu`, `${tools}/usr/bin/patchelf`];
  const ran = execaSync(`${tools}/lib64/ld-linux-x86-64.so.2`, [...program, ...words], { reject: false });
  return ran.exitCode === 0 ? ran.stdout : undefined;
}
