{
  description = "Makes pre-built Linux executables run on NixOS without rewriting them";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;

      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "i686-linux"
        "armv7l-linux"
        "riscv64-linux"
        "powerpc64le-linux"
        "aarch64-darwin"
        "x86_64-darwin"
      ];

      isAvailable = import ./nix/available.nix;
      onlyAvailable = lib.filterAttrs (_name: isAvailable);

      # What nixpkgs has no packages for, or not the packages that are needed, is left out, never thrown. A system can
      # be there and throw as soon as it is looked at: x86_64-darwin does since 26.11.
      isSystem =
        system:
        let
          inherit (nixpkgs.legacyPackages.${system}.stdenv) hostPlatform;
        in
        (builtins.tryEval (hostPlatform.system == system)).value;
      forEachSystem =
        make:
        lib.genAttrs (builtins.filter (
          system: nixpkgs.legacyPackages ? ${system} && isSystem system
        ) systems) (system: make nixpkgs.legacyPackages.${system});

      packagesOf = pkgs: rec {
        stub = pkgs.callPackage ./nix/stub.nix { };
        loader = pkgs.callPackage ./nix/loader.nix { };
        launcher = pkgs.callPackage ./nix/launcher.nix { };
        wrap-buddy = pkgs.callPackage ./nix/package.nix { inherit stub loader launcher; };
        default = pkgs.callPackage ./nix/hook.nix { inherit wrap-buddy; };
        # The names of the other wrap-buddy's flake.
        wrapBuddy = default;
        wrapBuddy-unwrapped = wrap-buddy;
      };
    in
    {
      packages = forEachSystem (pkgs: onlyAvailable (packagesOf pkgs));

      overlays.default = import ./nix/overlay.nix;

      apps = forEachSystem (
        pkgs:
        let
          inherit (packagesOf pkgs) wrap-buddy;
        in
        lib.optionalAttrs (isAvailable wrap-buddy) {
          default = {
            type = "app";
            program = "${wrap-buddy}/bin/wrap-buddy";
            meta = { inherit (wrap-buddy.meta) description; };
          };
        }
      );

      # nix bundle --bundler github:…#tar nixpkgs#hello: functions from a package to its bundle.
      bundlers = forEachSystem (
        pkgs:
        let
          inherit (packagesOf pkgs) wrap-buddy;
          bundle = pkgs.callPackage ./nix/bundler.nix { inherit wrap-buddy; };
        in
        lib.optionalAttrs (pkgs.stdenv.hostPlatform.isLinux && isAvailable wrap-buddy) {
          default = bundle "dir";
          tar = bundle "tar";
          tar-zst = bundle "tar.zst";
        }
      );

      checks = forEachSystem (
        pkgs:
        let
          packages = packagesOf pkgs;
        in
        onlyAvailable (
          # A cross compiler is too much to ask for here.
          packages // removeAttrs (if isAvailable packages.default then packages.default.tests else { }) [ "cross" ]
        )
      );

      devShells = forEachSystem (
        pkgs: onlyAvailable { default = pkgs.callPackage ./nix/devshell.nix { }; }
      );

      formatter = onlyAvailable (forEachSystem (pkgs: pkgs.nixfmt-tree or pkgs.nixfmt or null));
    };
}
