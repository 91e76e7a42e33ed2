# A user's flake: packages of pre-built programs, with wrap-buddy's hook in every way in which packages use hooks.
# Both inputs are given with --override-input.
{
  inputs.wrap-buddy.inputs.nixpkgs.follows = "nixpkgs";

  outputs =
    {
      self,
      nixpkgs,
      wrap-buddy,
    }:
    let
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};
    in
    {
      # What `nix bundle` makes of packages.
      bundles =
        let
          inherit (wrap-buddy.bundlers.${system}) default tar tar-zst;
          packages = self.packages.${system};
        in
        {
          foreign = default packages.found;
          library = default packages.library;
          plugIn = default packages.plugIn;
          script = default packages.script;
          archive = tar packages.library;
          compressed = tar-zst packages.library;
        };
      packages.${system} = import ./packages.nix {
        inherit pkgs;
        source = wrap-buddy;
        wrapBuddy = wrap-buddy.packages.${system}.default;
        overlaid = pkgs.extend wrap-buddy.overlays.default;
      };
    };
}
