# The npm packages that the build needs, as commands that unpack them into ./node_modules.
#
# package-lock.json has of each package its place, name, version and hash, and that is all it takes. So there is nothing
# to maintain here. Chosen are the packages that the bundles are made of and the
# bundler's executable for the platform that builds.
{
  lib,
  stdenvNoCC,
  callPackage,
  # package-lock.json
  lock,
}:
let
  inherit (lock) packages;
  inherit (stdenvNoCC) buildPlatform;
  fetchNpmPackage = callPackage ./npm-package.nix { };

  # Node's names of the build platform. Source: Node.js documentation, process.arch and process.platform.
  os = buildPlatform.parsed.kernel.name;
  cpu =
    {
      aarch64 = "arm64";
      armv6l = "arm";
      armv7l = "arm";
      i686 = "ia32";
      loongarch64 = "loong64";
      powerpc64le = "ppc64";
      x86_64 = "x64";
    }
    .${buildPlatform.parsed.cpu.name} or buildPlatform.parsed.cpu.name;

  isForPlatform =
    package: builtins.elem os (package.os or [ os ]) && builtins.elem cpu (package.cpu or [ cpu ]);

  bundlers = map (name: "node_modules/${name}") (
    builtins.attrNames packages."node_modules/esbuild".optionalDependencies
  );
  isBundler = place: package: builtins.elem place bundlers && isForPlatform package;

  # Where Node finds what the package at `place` asks for: in its own node_modules, or in one further up.
  resolve =
    place: name:
    let
      here = (if place == "" then "" else "${place}/") + "node_modules/${name}";
      above = builtins.match "(.*)/node_modules/.*" place;
    in
    if packages ? ${here} then here else resolve (if above == null then "" else builtins.head above) name;

  # execa and yargs are in the command line, so nobody has to install them with the npm package; zod is loaded by the library too.
  bundled = map (entry: entry.key) (
    builtins.genericClosure {
      startSet = map (name: { key = resolve "" name; }) [
        "execa"
        "yargs"
        "zod"
      ];
      operator =
        { key }:
        let
          wanted = packages.${key}.dependencies or { };
        in
        map (name: { key = resolve key name; }) (builtins.attrNames wanted);
    }
  );

  isWanted = place: package: builtins.elem place bundled || isBundler place package;

  # "node_modules/cliui/node_modules/@scope/name" is the package @scope/name.
  nameAt = place: lib.last (lib.splitString "node_modules/" place);

  unpack =
    place: package:
    let
      name = package.name or (nameAt place);
      archive = fetchNpmPackage {
        inherit name;
        inherit (package) version;
        hash = package.integrity;
      };
    in
    ''
      mkdir -p ${place}
      tar -xzf ${archive} -C ${place} --strip-components=1 --no-same-owner --no-same-permissions
    '';
in
lib.concatStrings (lib.mapAttrsToList unpack (lib.filterAttrs isWanted packages))
+ lib.concatStrings (
  lib.mapAttrsToList (place: _package: ''
    mkdir -p node_modules/.bin
    ln -s ../../${place}/bin/esbuild node_modules/.bin/esbuild
  '') (lib.filterAttrs isBundler packages)
)
