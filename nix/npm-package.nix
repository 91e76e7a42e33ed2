# The archive of one package of the npm registry: { name, version, hash }, as package-lock.json has them, make a file.
#
# npm itself fetches it, because it knows its registry; what it writes is the registry's file, byte for byte. Neither
# nixpkgs' fetchNpmDeps nor importNpmLock can serve a lock file without addresses, and nixpkgs has no mirror://npm.
# Behind a mirror: set npm_config_registry where builds take their impure variables from (for Nix without a daemon the
# environment of the command, else that of the daemon). Source: Nix manual, "Advanced attributes", impureEnvVars; npm
# documentation, npm pack.
{
  lib,
  stdenvNoCC,
  nodejs,
  buildPackages,
}:
{
  name,
  version,
  hash,
}:
stdenvNoCC.mkDerivation {
  # A store path's name has no "@" and no "/".
  name = "${lib.concatStringsSep "-" (lib.splitString "/" (lib.removePrefix "@" name))}-${version}.tgz";

  strictDeps = true;
  __structuredAttrs = true;
  nativeBuildInputs = [ nodejs ];

  npmPackage = "${name}@${version}";
  buildCommand = ''
    export HOME=$TMPDIR
    export npm_config_update_notifier=false
    # A variable that is not set arrives as an empty one.
    if [[ -z ''${npm_config_registry-} ]]; then
      unset npm_config_registry
    fi
    export NODE_EXTRA_CA_CERTS=''${NIX_SSL_CERT_FILE-}
    if [[ ! -r $NODE_EXTRA_CA_CERTS ]]; then
      NODE_EXTRA_CA_CERTS=${buildPackages.cacert}/etc/ssl/certs/ca-bundle.crt
    fi
    mkdir pack
    npm pack --silent --ignore-scripts --pack-destination pack "$npmPackage"
    mv pack/*.tgz "$out"
  '';

  outputHashMode = "flat";
  outputHashAlgo = null;
  outputHash = hash;
  impureEnvVars = lib.fetchers.proxyImpureEnvVars ++ [ "npm_config_registry" ];
}
