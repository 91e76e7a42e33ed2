# The loaders: what a stub maps and jumps to.
{ callPackage }:
callPackage ./blobs.nix {
  kind = "loader";
  description = "Loaders of wrap-buddy, for every architecture";
}
