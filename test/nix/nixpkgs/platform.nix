# What the package set knows of a platform, by its system.
system:
let
  parts = builtins.match "(.*)-(.*)" system;
  cpu = builtins.elemAt parts 0;
  kernel = builtins.elemAt parts 1;
  # How Debian names what belongs to a machine, and its dynamic linker.
  names = {
    x86_64 = "x86_64-linux-gnu";
    aarch64 = "aarch64-linux-gnu";
    i686 = "i686-linux-gnu";
    armv7l = "arm-linux-gnueabihf";
    riscv64 = "riscv64-linux-gnu";
  };
  linkers = {
    x86_64 = "ld-linux-x86-64.so.2";
    aarch64 = "ld-linux-aarch64.so.1";
    i686 = "ld-linux.so.2";
    armv7l = "ld-linux-armhf.so.3";
    riscv64 = "ld-linux-riscv64-lp64d.so.1";
  };
  # What nixpkgs writes instead, where the name depends on more than the machine.
  patterns = {
    armv7l = "ld-linux*.so.3";
    riscv64 = "ld-linux-riscv*.so.1";
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
  config = names.${cpu};
  interpreterName = linkers.${cpu};
  interpreterPattern = patterns.${cpu} or linkers.${cpu};
  canExecute = other: other.system == system;
}
