# The stubs: what is written over an executable's entry point.
{
  callPackage,
  source ? callPackage ./source.nix { },
}:
callPackage ./blobs.nix {
  inherit source;
  kind = "stub";
  description = "Entry point stubs of wrap-buddy, for every architecture";
}
