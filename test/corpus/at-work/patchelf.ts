// Two versions of patchelf: Debian 12's, and the newest, unpacked by debian-roots.sh with the C library that it needs.

import { fileURLToPath } from "node:url";
import { execaSync } from "execa";

const tools = fileURLToPath(new URL("../../../build/debian/tools", import.meta.url));
const commands = {
  "0.14": ["patchelf"],
  "0.18": [
    `${tools}/lib64/ld-linux-x86-64.so.2`,
    ...["--library-path", `${tools}/usr/lib/x86_64-linux-gnu`, `${tools}/usr/bin/patchelf`],
  ],
} as const;

export const patchelfVersions = ["0.14", "0.18"] as const;
export type PatchelfVersion = (typeof patchelfVersions)[number];

/** What it prints, without the line's end; undefined where it fails. */
export function patchelf(version: PatchelfVersion, ...words: readonly string[]): string | undefined {
  const [program, ...before] = commands[version];
  const ran = execaSync(program, [...before, ...words], { reject: false });
  return ran.exitCode === 0 ? ran.stdout : undefined;
}
