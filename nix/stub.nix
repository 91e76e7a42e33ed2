# The stubs: what is written over an executable's entry point.
{ callPackage }:
callPackage ./blobs.nix {
  kind = "stub";
  description = "Entry point stubs of wrap-buddy, for every architecture";
}
