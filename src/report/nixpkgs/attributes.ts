// Which nixpkgs attribute has a library: data, a file a subject and a line a package.
//
// Source: the packages of nixpkgs (pkgs/top-level/all-packages.nix, pkgs/by-name, branch nixpkgs-unstable) and the
// soname that the library has there. Only exact sonames stand here: one that nixpkgs has no package for any more (an
// older libicuuc, say) is better not named at all than named wrong. `xorg.NAME` is what every release knows: where the X
// libraries have moved to the top level, pkgs/top-level/aliases.nix leads from it to the new name.
// Last compared with aliases.nix of July 2026; left out since: openssl_1_1 (dropped, pull request 545128).

import { desktop } from "./desktop.ts";
import { graphics } from "./graphics.ts";
import { media } from "./media.ts";
import { data } from "./networks-and-data.ts";
import { runtime } from "./system.ts";

function attributesBySoname(): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [attribute, sonames] of [runtime, graphics, desktop, media, data].flatMap(Object.entries<string>)) {
    for (const soname of sonames.split(" ")) attributes.set(soname, attribute);
  }
  return attributes;
}

/** The nixpkgs attribute whose package has the library of this exact soname. */
export const nixpkgsAttributes: ReadonlyMap<string, string> = attributesBySoname();
