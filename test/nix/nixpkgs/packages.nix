# The packages themselves: an overlay over what default.nix says of the set.
self: super:
let
  inherit (super)
    lib
    machine
    platforms
    config
    ;
  inherit (platforms) buildPlatform hostPlatform targetPlatform;

  # A derivation made by a few lines of shell, without a standard environment. The shell itself has to be the last to go: it
  # would become the last program of the lines, those of coreutils close their output before they end, and Nix kills a
  # builder as soon as its output is closed.
  runLines =
    name: attributes: lines:
    derivation (
      {
        inherit name;
        system = buildPlatform.system;
        builder = "/bin/bash";
        args = [
          "-euc"
          "${lines}\nexit\n"
        ];
        PATH = "/usr/bin:/bin";
      }
      // attributes
    )
    // {
      meta = { };
    };

  # A package of this machine's programs: symlinks under their own names.
  programs =
    name: paths:
    runLines name { } (
      lib.concatStringsSep "\n" (
        [ "mkdir -p $out/bin" ]
        ++ lib.mapAttrsToList (program: path: "ln -s ${path} $out/bin/${program}") paths
      )
    );

  program = name: programs name { ${name} = machine.${name} or "/usr/bin/${name}"; };

  # A library package of this machine's files, split as nixpkgs splits them: a dev output that propagates the libraries.
  library =
    name: files:
    let
      package =
        runLines name
          {
            outputs = [
              "out"
              "dev"
            ];
          }
          ''
            mkdir -p $out/lib $dev/nix-support
            cp -a ${files} $out/lib
            echo $out >$dev/nix-support/propagated-build-inputs
          '';
    in
    package // { dev = package.dev // { outputSpecified = true; }; };

  # Where this machine has the C library of a platform: its own, or the one for its cross compiler.
  libcDirectory =
    platform:
    if platform.system == machine.system then
      "/lib/${platform.config}"
    else
      "/usr/${platform.config}/lib";
  compilerLibraryDirectory =
    platform:
    if platform.system == machine.system then
      "/usr/lib/${platform.config}"
    else
      "/usr/${platform.config}/lib";

  glibcFor =
    platform: version:
    runLines "glibc${version}" { } ''
      mkdir -p $out/lib
      cd ${libcDirectory platform}
      cp -L ${platform.interpreterName} lib{c,m,mvec,dl,pthread,rt,resolv,util,anl,nss_files,nss_dns,BrokenLocale}.so.? $out/lib/ 2>/dev/null || test -e $out/lib/libc.so.6
    '';

  compilerFor =
    platform: version:
    let
      compiler =
        runLines "gcc${version}"
          {
            outputs = [
              "out"
              "lib"
              "libgcc"
            ];
          }
          ''
            mkdir -p $out $lib/lib $libgcc/lib
            cp -L ${compilerLibraryDirectory platform}/libgcc_s.so.1 $libgcc/lib/
            # Debian's cross compilers for C come without.
            cp -L ${compilerLibraryDirectory platform}/libstdc++.so.6 $lib/lib/ || test ${platform.system} != ${machine.system}
            ln -s $libgcc/lib/libgcc_s.so.1 $lib/lib/
          '';
    in
    compiler
    // builtins.mapAttrs (_output: package: package // { outputSpecified = true; }) {
      inherit (compiler) lib libgcc;
    };

  # The wrapped compiler and binutils for a platform, which say which C library and which dynamic linker are in use. The
  # version is part of the names of both, and of their paths.
  compilerWrapperFor =
    platform: version:
    let
      compiler = compilerFor platform version;
      prefix = lib.optionalString (platform.system != machine.system) "${platform.config}-";
      glibc = glibcFor platform version;
      bintools =
        runLines "bintools-wrapper" { } ''
          mkdir -p $out/bin $out/nix-support
          for program in ar as ld nm objcopy objdump ranlib readelf strip; do
            ln -s /usr/bin/${prefix}$program $out/bin/
          done
          echo ${glibc}/lib/${platform.interpreterName} >$out/nix-support/dynamic-linker
          echo ${glibc} >$out/nix-support/orig-libc
          echo "export STRIP=${prefix}strip RANLIB=${prefix}ranlib NIX_BINTOOLS=$out" >$out/nix-support/setup-hook
        ''
        // {
          dynamicLinker = "${glibc}/lib/${platform.interpreterPattern}";
        };
    in
    runLines "gcc-wrapper" { } ''
      mkdir -p $out/bin $out/nix-support
      for program in gcc g++ cpp; do
        ln -s /usr/bin/${prefix}$program $out/bin/
      done
      echo " -L${compiler.lib}/lib" >$out/nix-support/cc-ldflags
      echo "export CC=${prefix}gcc CXX=${prefix}g++ NIX_CC=$out" >$out/nix-support/setup-hook
    ''
    // {
      inherit bintools;
      cc = compiler;
      isGNU = true;
    };

  hook = name: file: runLines name { } ''
    mkdir -p $out/nix-support
    cp ${file} $out/nix-support/setup-hook
  '';

  stdenvWith =
    cc:
    import ./stdenv.nix {
      inherit
        lib
        platforms
        cc
        config
        ;
      inherit (self) tools;
      # Plain files of the store, as in nixpkgs.
      defaultHooks = [
        "${./hooks/patchelf.sh}"
        "${./hooks/strip.sh}"
      ];
    };

  # Systems for which nixpkgs has no such package.
  missingOn =
    systems: package:
    if builtins.elem hostPlatform.system systems then
      throw "${package.name} is not available on ${hostPlatform.system}"
    else
      package;
in
{
  # What every build has on its PATH, and no more: no node, no compiler.
  tools = programs "tools" (
    lib.genAttrs [
      "awk"
      "basename"
      "bash"
      "cat"
      "chmod"
      "cmp"
      "cp"
      "cut"
      "diff"
      "dirname"
      "echo"
      "env"
      "false"
      "file"
      "find"
      "grep"
      "gzip"
      "head"
      "id"
      "install"
      "ln"
      "ls"
      "make"
      "mkdir"
      "mktemp"
      "mv"
      "od"
      "patchelf"
      "printf"
      "pwd"
      "readlink"
      "realpath"
      "rm"
      "sed"
      "sh"
      "sort"
      "tail"
      "tar"
      "test"
      "touch"
      "tr"
      "true"
      "uname"
      "wc"
      "xargs"
    ] (name: machine.${name} or "/usr/bin/${name}")
  );

  stdenv = stdenvWith (compilerWrapperFor hostPlatform "");
  # With a C library and a compiler of its own.
  newerStdenv = stdenvWith (compilerWrapperFor hostPlatform "-newer");
  stdenvNoCC = stdenvWith null;

  # The package that a compiler of this set's target would find its libraries in.
  gcc = compilerWrapperFor targetPlatform "";
  glibc = glibcFor hostPlatform "";
  zlib = library "zlib" "/usr/lib/${hostPlatform.config}/libz.so.1*";

  # Of addresses that nixpkgs does not know it fetches nothing; of others there is what a test has put into ./archives.
  fetchurl =
    { url, hash }:
    let
      archive = ./archives + "/${baseNameOf url}";
    in
    if builtins.pathExists archive then archive else throw "fetchurl: unknown address ${url}";
  # Nothing is fetched from GitHub either; what is made of it can be evaluated.
  fetchFromGitHub =
    {
      owner,
      repo,
      tag,
      hash,
    }:
    runLines "source" { inherit owner repo tag; } "exit 1";
  cacert = runLines "cacert" { } ''
    mkdir -p $out/etc/ssl/certs
    cp ${./certificates.crt} $out/etc/ssl/certs/ca-bundle.crt
  '';

  makeSetupHook =
    {
      name,
      propagatedBuildInputs ? [ ],
      substitutions ? { },
      meta ? { },
      passthru ? { },
    }:
    script:
    self.stdenvNoCC.mkDerivation (
      substitutions
      // {
        inherit
          name
          meta
          passthru
          propagatedBuildInputs
          ;
        strictDeps = true;
        # As in nixpkgs: substituteAll reads the environment.
        __structuredAttrs = false;
        buildCommand = ''
          mkdir -p $out/nix-support
          substituteAll ${script} $out/nix-support/setup-hook
          recordPropagatedDependencies
        '';
      }
    );

  autoPatchelfHook = hook "auto-patchelf-hook" ./hooks/auto-patchelf.sh;
  makeWrapper = hook "make-wrapper-hook" ./hooks/make-wrapper.sh;

  nodejs = missingOn [ "armv7l-linux" ] (
    programs "nodejs" {
      inherit (machine) node npm;
    }
  );

  nodejs-slim = missingOn [ "armv7l-linux" ] (programs "nodejs-slim" { inherit (machine) node; });
  nix-update-script = { }: [ "nix-update" ];

  llvmPackages_19 = {
    clang-unwrapped = programs "clang" { inherit (machine) clang; };
    lld = programs "lld" { "ld.lld" = machine.lld; };
  };
  # What is no longer there throws.
  llvmPackages_18 = throw "llvmPackages_18 has been removed";
  llvmPackages = self.llvmPackages_19;
}
# What not every package set has, and where it is missing is no attribute.
// lib.optionalAttrs (hostPlatform.system != "i686-linux") {
  mkShellNoCC =
    {
      name ? "nix-shell",
      packages,
      shellHook ? "",
    }:
    self.stdenvNoCC.mkDerivation {
      inherit name shellHook;
      nativeBuildInputs = packages;
      buildCommand = "touch $out";
    };

  nixfmt-tree = missingOn [ "riscv64-linux" ] (program "nixfmt-tree");
}
# gdb is missing on purpose: the real one need not have every tool that a developer would like.
// lib.genAttrs [
  "bubblewrap"
  "gnumake"
  "patchelf"
  "shellcheck"
  "shfmt"
  "strace"
  "zstd"
] program
