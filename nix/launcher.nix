# The launchers: what starts a script's interpreter beside it in a bundle.
{
  callPackage,
  source ? callPackage ./source.nix { },
}:
callPackage ./blobs.nix {
  inherit source;
  kind = "launcher";
  description = "Launchers of wrap-buddy's bundles, for every architecture";
}
