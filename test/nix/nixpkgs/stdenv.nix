# mkDerivation and the two standard environments, over setup.sh. The interface is the one of nixpkgs' manual, as far as
# packages with pre-built programs use it.
{
  lib,
  platforms,
  # The compiler, or null.
  cc,
  tools,
  config,
  # Hooks that every derivation gets after its own.
  defaultHooks,
}:
let
  inherit (platforms) buildPlatform hostPlatform;

  setup = derivation {
    name = "stdenv-test";
    system = buildPlatform.system;
    builder = "/bin/bash";
    args = [
      "-c"
      ''
        export PATH=${tools}/bin
        mkdir $out
        {
          echo "initialPath=${tools}"
          echo "defaultNativeBuildInputs='${lib.concatStringsSep " " (map toString defaultNativeBuildInputs)}'"
          cat ${./setup.sh}
        } >$out/setup
      ''
    ];
  };
  defaultNativeBuildInputs = defaultHooks ++ lib.optionals (cc != null) [
    cc
    cc.bintools
  ];

  # In a native build input the package that runs on the build platform is meant.
  native = map (package: lib.getDev (package.__buildHost or package));
  ordinary = map lib.getDev;

  # What Nix does not look at in a derivation with __structuredAttrs.
  referenceChecks = [
    "allowedReferences"
    "disallowedReferences"
  ];

  # What nixpkgs' checkMeta accepts, of the fields that are in use here. Source: nixpkgs, pkgs/stdenv/generic/check-meta.nix.
  metaTypes = {
    description = builtins.isString;
    homepage = builtins.isString;
    changelog = builtins.isString;
    license = builtins.isAttrs;
    maintainers = builtins.isList;
    platforms = builtins.isList;
    sourceProvenance = builtins.isList;
    mainProgram = builtins.isString;
  };

  mkDerivation =
    arguments:
    let
      # A function gets what it makes, to refer to it.
      attributes =
        if builtins.isFunction arguments then
          lib.fix (self: arguments (self // { finalPackage = result; }))
        else
          arguments;
      outputs = attributes.outputs or [ "out" ];
      platformsOf = attributes.meta.platforms or [ hostPlatform.system ];
      name =
        attributes.name or (
          if attributes ? version then "${attributes.pname}-${attributes.version}" else attributes.pname
        );
      structured = attributes.__structuredAttrs or config.structuredAttrsByDefault or false;
      wrongMeta = builtins.filter (
        field: !(metaTypes ? ${field} && metaTypes.${field} attributes.meta.${field})
      ) (builtins.attrNames (attributes.meta or { }));
      checked =
        if wrongMeta != [ ] then
          throw "${name}: no such meta, or of another type: ${toString wrongMeta}"
        else if structured && builtins.any (field: attributes ? ${field}) referenceChecks then
          throw "${name}: with __structuredAttrs, references are checked in outputChecks"
        else if builtins.elem hostPlatform.system platformsOf then
          drv
        else
          throw "${name} is not available on ${hostPlatform.system}";
      drv = derivation (
        builtins.removeAttrs attributes [
          "meta"
          "passthru"
          "env"
        ]
        // attributes.env or { }
        // {
          inherit name outputs;
          stdenv = setup;
          system = buildPlatform.system;
          builder = "/bin/bash";
          args = [
            "-e"
            ./builder.sh
          ];
          __ignoreNulls = true;
          nativeBuildInputs = native (attributes.nativeBuildInputs or [ ]);
          buildInputs = ordinary (attributes.buildInputs or [ ]);
          propagatedBuildInputs = ordinary (attributes.propagatedBuildInputs or [ ]);
        }
        // {
          strictDeps = attributes.strictDeps or config.strictDepsByDefault or false;
        }
        // lib.optionalAttrs structured { __structuredAttrs = true; }
      );
      result =
        checked
        // attributes.passthru or { }
        // lib.genAttrs outputs (output: checked.${output} // { outputSpecified = true; })
        // {
          inherit name outputs;
          meta = attributes.meta or { };
          overrideAttrs = change: mkDerivation (attributes // change attributes);
        };
    in
    result;
in
{
  inherit mkDerivation cc;
  inherit (platforms) buildPlatform hostPlatform targetPlatform;
  type = "stdenv";
}
