# The packages. Each is what an author would write, and shows one thing; the tests beside this folder say what.
{
  pkgs,
  # wrap-buddy's source, its hook, and the packages with its overlay.
  source,
  wrapBuddy,
  overlaid,
}:
let
  inherit (pkgs) stdenv stdenvNoCC zlib;
  archives = import ./archives.nix (pkgs.callPackage "${source}/nix/npm-package.nix" { });

  # lightningcss with the hook, and with further attributes.
  cssWith =
    builder: attributes: name:
    builder.mkDerivation (
      {
        inherit name;
        src = archives.lightningcss;
        nativeBuildInputs = [ wrapBuddy ];
        installPhase = ''
          install -D lightningcss $out/bin/lightningcss
        '';
      }
      // attributes
    );
  css = cssWith stdenv;

  # A C library that is not the stdenv's.
  otherLibc = stdenv.mkDerivation {
    name = "other-libc";
    buildCommand = "cp -r ${pkgs.glibc} $out";
  };

  # The same as a program that needs zlib too.
  needsZlib =
    attributes:
    css (
      {
        installPhase = ''
          patchelf --add-needed libz.so.1 lightningcss
          install -D lightningcss $out/bin/lightningcss
        '';
      }
      // attributes
    );

  # An output that is not there when the hook runs, and one with separate debug information.
  severalOutputs =
    attributes:
    css (
      {
        outputs = [
          "out"
          "lib"
          "debug"
          "man"
        ];
        installPhase = ''
          install -D lightningcss $out/bin/lightningcss
          install -D lightningcss $lib/libexec/lightningcss
          install -D lightningcss $debug/lib/debug/lightningcss
        '';
        doInstallCheck = true;
        installCheckPhase = "mkdir $man";
      }
      // attributes
    );

  # A program bin/tool with the dynamic linker and the run path that nixpkgs' compiler wrapper would give it.
  builtByNix =
    build: name:
    stdenv.mkDerivation {
      inherit name;
      dontUnpack = true;
      dontPatchELF = true;
      buildPhase = ''
        link() {
          $CC "$@" -Wl,--dynamic-linker=$(cat $NIX_BINTOOLS/nix-support/dynamic-linker) \
            -Wl,-rpath,$out/lib:${zlib}/lib:${pkgs.glibc}/lib
        }
        ${build}
      '';
      installPhase = "install -D tool $out/bin/tool";
    };

  # A single-file program that bun makes of a script, an addon and itself.
  bunProgram =
    attributes: name:
    stdenv.mkDerivation (
      {
        inherit name;
        src = archives.bun;
        nativeBuildInputs = [ wrapBuddy ];
        buildPhase = ''
          tar -xzf ${archives.watcher} --strip-components=1 package/watcher.node
          echo 'console.log("bundled", process.argv.slice(2).join(" "))
          if (process.argv[2] === "addon") console.log(typeof require("./watcher.node").getEventsSince)' >app.ts
          HOME=$PWD bin/bun build --compile app.ts --outfile app
        '';
        installPhase = ''
          install -D app $out/bin/app
        '';
      }
      // attributes
    );
  # A program in one file, and nothing else.
  singleFile =
    src: program: name:
    stdenv.mkDerivation {
      inherit name src;
      nativeBuildInputs = [ wrapBuddy ];
      installPhase = ''
        install -D ${program} $out/bin/${name}
      '';
    };
in
builtins.mapAttrs (name: package: package name) {
  plain = css { };
  structured = css { __structuredAttrs = true; };
  strict = css { strictDeps = true; };
  noCompiler = cssWith stdenvNoCC { };
  # A compiler and a C library other than those that the hook was made with.
  newer = cssWith pkgs.newerStdenv { };
  newerStructured = cssWith pkgs.newerStdenv { __structuredAttrs = true; };
  contentAddressed = css {
    __contentAddressed = true;
    outputHashMode = "recursive";
    outputHashAlgo = "sha256";
  };

  outputs = severalOutputs { };
  outputsStructured = severalOutputs { __structuredAttrs = true; };

  # Where the hook is listed.
  inBuildInputs = needsZlib {
    strictDeps = true;
    nativeBuildInputs = [ ];
    buildInputs = [
      wrapBuddy
      zlib
    ];
  };
  twice = needsZlib {
    nativeBuildInputs = [ wrapBuddy ];
    buildInputs = [
      wrapBuddy
      zlib
    ];
  };
  fromOverlay = css { nativeBuildInputs = [ overlaid.wrapBuddy ]; };
  fromCallPackage = css { nativeBuildInputs = [ (pkgs.callPackage "${source}/nix/hook.nix" { }) ]; };

  # Attributes.
  runtimeList = css { runtimeDependencies = [ zlib ]; };
  runtimeString = css { runtimeDependencies = "${zlib}"; };
  runtimePackage = css {
    __structuredAttrs = true;
    runtimeDependencies = zlib;
  };
  runtimeNull = css { runtimeDependencies = null; };
  extraNeeded = css {
    wrapBuddyExtraNeeded = [ "libz.so.1" ];
    buildInputs = [ zlib ];
  };
  interpreters = css { wrapBuddyInterpreters = [ "${otherLibc}/lib/ld-linux-x86-64.so.2" ]; };
  spaces = css {
    __structuredAttrs = true;
    wrapBuddyExclude = [ "css tool" ];
    appendRunpaths = [ "/opt/two words" ];
    installPhase = ''
      install -D lightningcss $out/bin/lightningcss
      cp lightningcss "$out/bin/css tool"
      cp lightningcss $out/bin/tool
    '';
  };
  changedByPhase = css {
    wrapBuddyFlags = [
      "--append-run-path"
      "/opt/first"
    ];
    preFixup = ''
      wrapBuddyFlags+=("/opt/two words")
    '';
  };
  wrongType = css {
    __structuredAttrs = true;
    wrapBuddyFlags.relocatable = true;
    runtimeDependencies = 3;
  };
  off = css { dontWrapBuddy = true; };

  # From an archive that has lost its modes: a program, one that is made a program again, data, and data that is named.
  lostModes = css {
    installPhase = ''
      for name in bin/lost bin/lightningcss share/data share/named; do
        mkdir -p $out/$(dirname $name)
        tar --mode=a-x -cf - lightningcss | tar -xOf - >$out/$name
      done
      chmod +x $out/bin/lightningcss
    '';
    postFixup = ''
      wrapBuddy $out/share/named
    '';
  };

  # True or false; null is neither.
  pinNever = css { wrapBuddyPin = false; };
  pinNeverStructured = css {
    __structuredAttrs = true;
    wrapBuddyPin = false;
  };
  pinAlways = css {
    wrapBuddyPin = true;
    wrapBuddyFlags = [ "--relocatable" ];
  };
  pinNull = css { wrapBuddyPin = null; };

  # Checked at the end, by the command line tool.
  verified = css {
    nativeBuildInputs = [
      wrapBuddy
      overlaid.wrap-buddy
    ];
    doInstallCheck = true;
    installCheckPhase = "wrap-buddy verify $out";
  };

  # Libraries.
  # Programs as Nix links them: for test/nix/bundlers.test.ts.
  library = builtByNix ''
    echo 'const char *zlibVersion(void); int puts(const char *); int main(void) { return puts(zlibVersion()) < 0; }' >tool.c
    link tool.c -o tool ${zlib}/lib/libz.so.1
  '';
  plugIn = builtByNix ''
    echo 'int plug(void) { return 42; }' >plug.c
    $CC -shared -fPIC plug.c -o libplug.so
    printf '%s\n' '#include <dlfcn.h>' '#include <stdio.h>' 'int main(void) { void *plug = dlopen("libplug.so", RTLD_NOW);' \
      'printf("%d\n", plug ? ((int (*)(void))dlsym(plug, "plug"))() : 0); return 0; }' >tool.c
    link tool.c -o tool
    mkdir -p $out/lib
    cp libplug.so $out/lib
  '';
  script = builtByNix ''
    printf '%s\n' '#include <stdio.h>' 'int main(int count, char **words) { char line[64]; FILE *file = fopen(words[1], "r");' \
      'while (fgets(line, sizeof line, file)); return fputs(line, stdout) < 0; }' >last.c
    link last.c -o last
    install -D last $out/libexec/last
    printf '#!%s\nthe last line\n' $out/libexec/last >tool
  '';
  movable = needsZlib {
    wrapBuddyRelocatable = true;
    buildInputs = [ zlib ];
  };
  movableStructured = needsZlib {
    __structuredAttrs = true;
    wrapBuddyRelocatable = true;
    buildInputs = [ zlib ];
  };
  missing = needsZlib { };
  missingIgnored = needsZlib { wrapBuddyIgnoreMissing = [ "libz.so.*" ]; };
  found = needsZlib { buildInputs = [ zlib ]; };
  searchPath = needsZlib {
    preFixup = ''
      addWrapBuddySearchPath ${zlib}
    '';
  };

  # A package for autoPatchelfHook, in which one word has been changed.
  migrated = needsZlib {
    dontAutoPatchelf = true;
    autoPatchelfIgnoreMissingDeps = [ "libz.so.*" ];
    autoPatchelfFlags = [ "--preserve-origin" ];
    appendRunpaths = [ "/run/opengl-driver/lib" ];
    postFixup = ''
      addAutoPatchelfSearchPath ${zlib}/lib
      autoPatchelf -- $out/bin
    '';
  };

  # Phases.
  called = css {
    dontWrapBuddy = true;
    installPhase = ''
      install -D lightningcss $out/bin/lightningcss
      install -D lightningcss $out/bin/deeper/lightningcss
    '';
    postFixup = ''
      wrapBuddy --no-recurse -- $out/bin
    '';
  };
  wrapProgram = css {
    nativeBuildInputs = [
      wrapBuddy
      pkgs.makeWrapper
    ];
    postFixup = ''
      wrapProgram $out/bin/lightningcss --set COLOURS none
    '';
  };
  # With autoPatchelfHook, before and after it.
  besideBefore = css {
    nativeBuildInputs = [
      pkgs.autoPatchelfHook
      wrapBuddy
    ];
    buildInputs = [ stdenv.cc.cc.libgcc ];
  };
  besideBehind = css {
    nativeBuildInputs = [
      wrapBuddy
      pkgs.autoPatchelfHook
    ];
    buildInputs = [ stdenv.cc.cc.libgcc ];
  };
  besideOff = css {
    nativeBuildInputs = [
      wrapBuddy
      pkgs.autoPatchelfHook
    ];
    dontAutoPatchelf = true;
  };
  noNode = css {
    preFixup = ''
      if type -P node npm wrap-buddy; then
        echo "the hook has put something on the PATH"
        exit 1
      fi
    '';
  };
  nothing = css {
    installPhase = ''
      install -D README.md $out/share/doc/README.md
    '';
  };

  bun = bunProgram { };
  # What strip does to it without the hook.
  bunStripped = bunProgram { dontWrapBuddy = true; };
  # For test/corpus.
  opencode = singleFile archives.opencode "bin/opencode";
  claude = singleFile archives.claude "claude";

  sass =
    name:
    stdenv.mkDerivation {
      inherit name;
      src = archives.sass;
      nativeBuildInputs = [ wrapBuddy ];
      installPhase = ''
        mkdir -p $out/lib
        cp -r dart-sass $out/lib/sass
      '';
    };

  # Executables of 64 and 32 bits in one output, and a library of each beside them under the same name.
  both =
    name:
    stdenv.mkDerivation {
      inherit name;
      dontUnpack = true;
      nativeBuildInputs = [ wrapBuddy ];
      wrapBuddyInterpreters = [ "${pkgs.pkgsi686Linux.glibc}/lib/ld-linux.so.2" ];
      installPhase = ''
        mkdir -p $out/bin $out/lib $out/lib32
        echo 'int bits(void) { return 8 * sizeof(void *); }' >bits.c
        echo '#include <stdio.h>
        int bits(void);
        int main(void) { printf("%d bits\n", bits()); }' >main.c
        build() {
          $1 -shared -fPIC -o $2/libbits.so.1 -Wl,-soname,libbits.so.1 bits.c
          $1 -o $3 main.c $2/libbits.so.1
        }
        build gcc $out/lib $out/bin/tool
        build /usr/bin/i686-linux-gnu-gcc $out/lib32 $out/bin/tool32
      '';
    };

  # Built here, for a machine that is another: the hook is this machine's, the interpreter and the libraries are not.
  cross =
    name:
    overlaid.pkgsCross.aarch64-multiplatform.callPackage (
      { stdenv, wrapBuddy }:
      stdenv.mkDerivation {
        inherit name;
        src = archives.lightningcss-aarch64;
        nativeBuildInputs = [ wrapBuddy ];
        installPhase = ''
          install -D lightningcss $out/bin/lightningcss
        '';
      }
    ) { };

  # Where every package has strictDeps and __structuredAttrs that does not say otherwise.
  strictByDefault =
    name:
    let
      strict = pkgs.strictByDefault;
    in
    cssWith strict.stdenv {
      nativeBuildInputs = [ (strict.callPackage "${source}/nix/hook.nix" { }) ];
    } name;

  # For a machine whose dynamic linker is known by a pattern only, and without a compiler that says more.
  riscv64 =
    name:
    overlaid.pkgsCross.riscv64.callPackage (
      { stdenvNoCC, wrapBuddy }:
      stdenvNoCC.mkDerivation {
        inherit name;
        dontUnpack = true;
        nativeBuildInputs = [ wrapBuddy ];
        installPhase = ''
          mkdir -p $out/bin
          echo '#include <stdio.h>
          int main(void) { puts("riscv64"); }' >main.c
          /usr/bin/riscv64-linux-gnu-gcc -o $out/bin/tool main.c
        '';
      }
    ) { };
  riscv64Tool = name: overlaid.pkgsCross.riscv64.wrap-buddy.overrideAttrs (_: { inherit name; });
}
