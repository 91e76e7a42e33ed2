# The functions of nixpkgs' lib that this project uses, and those that the package set beside this file needs.
let
  inherit (builtins)
    attrNames
    concatStringsSep
    elemAt
    filter
    head
    isString
    length
    listToAttrs
    map
    stringLength
    substring
    ;
in
rec {
  fix =
    f:
    let
      x = f x;
    in
    x;

  # Of nixpkgs' functions, some are sets that can be called.
  isFunction = f: builtins.isFunction f || f ? __functor;
  importJSON = path: builtins.fromJSON (builtins.readFile path);

  inherit concatStringsSep;
  concatStrings = concatStringsSep "";
  optionalString = condition: text: if condition then text else "";
  # The separator is taken as a regular expression: none here has characters that mean anything in one.
  splitString = separator: text: filter isString (builtins.split separator text);
  removePrefix =
    prefix: text:
    if substring 0 (stringLength prefix) text == prefix then
      substring (stringLength prefix) (-1) text
    else
      text;

  optional = condition: item: if condition then [ item ] else [ ];
  optionals = condition: items: if condition then items else [ ];
  last = items: elemAt items (length items - 1);

  genAttrs =
    names: f:
    listToAttrs (
      map (name: {
        inherit name;
        value = f name;
      }) names
    );
  filterAttrs =
    predicate: set:
    genAttrs (filter (name: predicate name set.${name}) (attrNames set)) (name: set.${name});
  mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
  optionalAttrs = condition: set: if condition then set else { };

  getOutput =
    output: package:
    if package.outputSpecified or false then
      package
    else
      package.${output} or package.out or package;
  getLib = getOutput "lib";
  getDev = getOutput "dev";

  # Source: nixpkgs, lib/fetchers.nix.
  fetchers.proxyImpureEnvVars = [
    "http_proxy"
    "https_proxy"
    "ftp_proxy"
    "all_proxy"
    "no_proxy"
    "NIX_SSL_CERT_FILE"
  ];

  platforms = {
    linux = map (cpu: "${cpu}-linux") [
      "x86_64"
      "aarch64"
      "i686"
      "armv7l"
      "riscv64"
      "powerpc64le"
    ];
    darwin = [
      "x86_64-darwin"
      "aarch64-darwin"
    ];
  };
  # Names, each below a root: what nixpkgs' filesets come to for folders and files as wholes.
  fileset = {
    unions = places: places;
    toSource =
      { root, fileset }:
      let
        wanted = map toString (toList fileset);
        isWanted =
          path:
          builtins.any (place: path == place || isBelow place path || isBelow path place) wanted;
        isBelow = directory: path: substring 0 (stringLength directory + 1) path == "${directory}/";
      in
      builtins.path {
        name = "source";
        path = root;
        filter = path: _type: isWanted path;
      };
  };
  fakeHash = "";
  toList = item: if builtins.isList item then item else [ item ];

  sourceTypes.fromSource = {
    shortName = "fromSource";
    isSource = true;
  };
  licenses.mit = {
    spdxId = "MIT";
  };

  # The function's result, with `override` to call it again with other arguments.
  makeOverridable =
    f: arguments:
    let
      result = f arguments;
    in
    if builtins.isAttrs result then
      result // { override = changes: makeOverridable f (arguments // changes); }
    else
      result;

  callPackageWith =
    packages: file: arguments:
    let
      f = if builtins.isFunction file then file else import file;
    in
    makeOverridable f (builtins.intersectAttrs (builtins.functionArgs f) packages // arguments);
}
