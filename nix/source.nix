# What is built, as everything else here is told of it. This one is the repository beside it; in nixpkgs the same attributes
# come from a fetched source (README.md beside this file).
{ lib }:
let
  toSource =
    fileset:
    lib.fileset.toSource {
      root = ../.;
      inherit fileset;
    };
in
{
  inherit (lib.importJSON ../package.json) version description;
  # Read while evaluating, so it has to be a file that is there then.
  lock = lib.importJSON ../package-lock.json;
  # Only what each is made of, so that a change of a test builds nothing again.
  blobs = toSource ../native;
  tool = toSource (
    lib.fileset.unions [
      ../src
      ../package.json
      ../tsconfig.json
    ]
  );
  hook = ../hook/wrap-buddy-hook.sh;
}
