# The compiler and linker of the blobs: version 19, so that equal sources give equal bytes everywhere, and where nixpkgs
# has dropped that version its own. They run on the build platform and compile for every architecture by themselves, so
# nothing of a stdenv is needed.
{ buildPackages }:
let
  # An alias for a removed version is an attribute that throws.
  has19 = (builtins.tryEval (builtins.seq buildPackages.llvmPackages_19.lld.drvPath true)).success;
  llvm =
    if buildPackages ? llvmPackages_19 && has19 then
      buildPackages.llvmPackages_19
    else
      buildPackages.llvmPackages;
in
{
  inputs = [
    llvm.clang-unwrapped
    llvm.lld
  ];
  makeFlags = [
    "CC=clang"
    "LD=ld.lld"
  ];
}
