# The loaders: what a stub maps and jumps to.
{
  callPackage,
  source ? callPackage ./source.nix { },
}:
callPackage ./blobs.nix {
  inherit source;
  kind = "loader";
  description = "Loaders of wrap-buddy, for every architecture";
}
