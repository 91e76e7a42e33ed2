# What the package set knows of a platform, by its system.
system:
let
  parts = builtins.match "(.*)-(.*)" system;
  cpu = builtins.elemAt parts 0;
  kernel = builtins.elemAt parts 1;
  linux = {
    x86_64 = [ "x86_64-linux-gnu" "ld-linux-x86-64.so.2" ];
    aarch64 = [ "aarch64-linux-gnu" "ld-linux-aarch64.so.1" ];
    i686 = [ "i686-linux-gnu" "ld-linux.so.2" ];
    armv7l = [ "arm-linux-gnueabihf" "ld-linux-armhf.so.3" ];
    riscv64 = [ "riscv64-linux-gnu" "ld-linux-riscv64-lp64d.so.1" ];
  };
in
{
  inherit system;
  parsed = {
    cpu.name = cpu;
    kernel.name = kernel;
  };
  isLinux = kernel == "linux";
  isDarwin = kernel == "darwin";
  isx86_64 = cpu == "x86_64";
  isAarch64 = cpu == "aarch64";
  config = builtins.head (linux.${cpu} or [ "none" ]);
  interpreterName = builtins.elemAt (linux.${cpu} or [ "" "dyld" ]) 1;
  canExecute = other: other.system == system;
}
