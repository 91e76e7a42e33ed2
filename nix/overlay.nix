# For nixpkgs.overlays: `wrap-buddy`, the command line tool, and `wrapBuddy`, the setup hook.
final: _prev: {
  wrap-buddy = final.callPackage ./package.nix { };
  wrapBuddy = final.callPackage ./hook.nix { };
}
