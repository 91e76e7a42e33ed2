# What the hook has to do in a build, as packages: passthru.tests of the hook and of the tool. A build has no /lib64.
{
  lib,
  stdenv,
  pkgsCross,
  wrapBuddy,
}:
let
  # The program of a check as others ship it: with the interpreter of other distributions.
  compile = "$CC -O2 -Wl,--dynamic-linker=/lib64/not-on-nixos.so";

  make =
    package:
    package.stdenv.mkDerivation {
      name = "wrap-buddy-check-${package.name}";
      strictDeps = true;
      __structuredAttrs = true;
      dontUnpack = true;
      nativeBuildInputs = [ package.wrapBuddy ];
      dontWrapBuddy = package.dontWrapBuddy or false;
      buildPhase = ''
        runHook preBuild
        ${package.build}
        runHook postBuild
      '';
      installPhase = ''
        runHook preInstall
        install -D program $out/bin/program
        runHook postInstall
      '';
      postFixup = package.postFixup or "";
      doInstallCheck = true;
      installCheckPhase = ''
        runHook preInstallCheck
        ${package.check}
        runHook postInstallCheck
      '';
      outputChecks.out.disallowedReferences = [ package.wrapBuddy.wrap-buddy ];
      meta.platforms = lib.platforms.linux;
    };

  hello = compiler: ''
    printf '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n' >program.c
    ${compiler} program.c -o program
  '';

  cross = pkgsCross.aarch64-multiplatform;
in
lib.optionalAttrs
  (stdenv.hostPlatform.isLinux && stdenv.buildPlatform.canExecute stdenv.hostPlatform)
  {
    hello = make {
      name = "hello";
      inherit stdenv wrapBuddy;
      build = ''
        ${hello compile}
        if ./program; then
          echo "the program starts before it is wrapped" >&2
          exit 1
        fi
      '';
      check = ''test "$($out/bin/program)" = hello'';
    };

    # Strip would cut off what a program carries after its last section.
    payload = make {
      name = "payload";
      inherit stdenv wrapBuddy;
      build = ''
        printf '%s\n' '#include <stdio.h>' 'int main(void) {' \
          'char text[8] = ""; FILE *self = fopen("/proc/self/exe", "rb");' \
          'fseek(self, -7, SEEK_END); fread(text, 1, 7, self); puts(text); return 0; }' >program.c
        ${compile} -g program.c -o program
        printf payload >>program
        cp program stripped
        $STRIP -S stripped
        if tail -c 7 stripped | grep -q payload; then
          echo "strip leaves the program whole" >&2
          exit 1
        fi
      '';
      check = ''test "$($out/bin/program)" = payload'';
    };

    # A library that is not there fails the build, and the message names it.
    missing = make {
      name = "missing";
      inherit stdenv wrapBuddy;
      dontWrapBuddy = true;
      build = ''
        echo 'int value(void) { return 0; }' >library.c
        $CC -shared -fPIC -Wl,-soname,libmissing.so.1 library.c -o libmissing.so.1
        echo 'int value(void); int main(void) { return value(); }' >program.c
        ${compile} program.c libmissing.so.1 -o program
      '';
      postFixup = ''
        if (wrapBuddy $out/bin) 2>messages; then
          echo "a program without its library has been wrapped" >&2
          exit 1
        fi
        cat messages
        grep -F "libmissing.so.1 not found" messages
      '';
      check = ''test ! -e $out/bin/.program.wrapbuddy'';
    };
  }
// lib.optionalAttrs (stdenv.hostPlatform.system == "x86_64-linux" && stdenv.buildPlatform.isx86_64) {
  # Built here, for a machine that is another.
  cross = make {
    name = "cross";
    inherit (cross) stdenv;
    wrapBuddy = cross.buildPackages.callPackage ./hook.nix { };
    build = hello compile;
    check = ''grep -aqF ld-linux-aarch64.so.1 $out/bin/.program.wrapbuddy'';
  };
}
