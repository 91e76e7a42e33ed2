// Graphics drivers: the machine that runs the program has them, not the one that builds it. No search.

import type { ObjectFacts } from "../load/object-facts.ts";

/** The drivers' libraries and what dispatches to them: the machine that runs the program chooses these. */
const driverFamily =
  /^lib(?:GL|GLX|EGL|GLES|OpenGL|GLdispatch|vulkan|cuda|nv|OpenCL|OpenCl|va|vdpau|drm|gbm|mesa|amd|ze_)[A-Za-z0-9_+-]*\.so(?:\.|$)/;

/** Those of them that no package has: they come with the kernel module or the machine's choice of a driver. */
const driverOnly =
  /^lib(?:cuda|cudadebugger|nvidia-[a-z0-9-]+|nvcuvid|nvoptix|nvidia_[a-z0-9_]+|EGL_[a-z]+|GLX_[a-z]+|GLESv[12](?:_CM)?_[a-z]+|vdpau_[a-z0-9]+|vulkan_[a-z0-9]+)\.so(?:\.|$)/;

/** Where NixOS has the machine's drivers. Source: nixpkgs nixos/modules/hardware/graphics.nix. */
export const driverDirectory = "/run/opengl-driver/lib";
const driverDirectories: ReadonlySet<string> = new Set([driverDirectory, "/run/opengl-driver-32/lib"]);

/** True for a library that is to be found again on every machine. */
export function isOfDriverFamily(name: string): boolean {
  return driverFamily.test(name);
}

/** True for a library that no package has. */
export function isDriverLibrary(name: string): boolean {
  return driverOnly.test(name);
}

/** Who asks for a library: what matters is which run paths it is searched by. */
export interface Asker {
  readonly isExecutable: boolean;
  /** DT_RUNPATH of its own; undefined where the executable's DT_RPATH counts. */
  readonly runpath: string | undefined;
}

/** Whether the library is the driver's, and the driver's directory is searched for it when the program runs. */
export function comesWithDriver(name: string, by: Asker, executable: Pick<ObjectFacts, "rpath" | "runpath">): boolean {
  if (!isDriverLibrary(name)) return false;
  const searched = by.isExecutable ? (executable.runpath ?? executable.rpath) : (by.runpath ?? executable.rpath);
  return searched?.split(":").some((entry) => driverDirectories.has(entry)) ?? false;
}
