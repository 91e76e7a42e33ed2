// Libraries that well-known families of programs open by name: what each is opened for, or what becomes of a program
// without it. Data.
//
// Source, unless a line says more: the names among the constants of programs of the family: Debian's chromium 156, molybden's,
// libsdl2 2.26 and libglfw3 3.3, OpenJDK 17 and 25 (libawt_xawt.so, libnet.so, libjvm.so), bun 1.4.5, @azure/mcp-linux-x64
// 2.0.5 (.NET in one file); alacritty 0.11 (winit and glutin), deno 2.9.6 (wgpu), @webviewjs/webview (Tauri), podman 4.3.

import { baseName } from "../../base/path.ts";

export interface CommonlyOpened {
  readonly stem: string;
  /** Who opens it and what for, or who ends without it: a sentence. */
  readonly opener: string;
  /** Further names that it is opened by, which are put together only while the program runs. */
  readonly otherNames?: readonly string[];
}

/** .NET asks for each of its versions, the newest first. Source: dotnet/runtime, pal_icushim.c. */
const icuVersions = { oldest: 50, newest: 99 } as const;

function icuNames(stem: string): readonly string[] {
  const { oldest, newest } = icuVersions;
  return Array.from({ length: newest - oldest + 1 }, (_, at) => `${stem}.so.${newest - at}`);
}

const icu = ".NET ends without it unless DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 is set";
const windows = "SDL, GLFW and winit open it to show windows";
const winit = "winit opens it to show windows";
const graphics = "Chromium, SDL, GLFW and glutin open it for graphics";
const cursors = "Chromium, SDL, GLFW and winit open it to show windows";
const icon = "Tauri opens it for an icon in the panel";
const secrets = "bun opens it to keep secrets";

/** Those that a program ends without come first. */
export const commonlyOpened: readonly CommonlyOpened[] = [
  // Source: Chromium, device/udev_linux/udev_loader.cc.
  { stem: "libudev", opener: "Chromium, CEF and Electron end without it" },
  { stem: "libicuuc", opener: icu, otherNames: icuNames("libicuuc") },
  { stem: "libicui18n", opener: icu, otherNames: icuNames("libicui18n") },
  // Source: dotnet/runtime, opensslshim.c.
  { stem: "libssl", opener: ".NET ends without it where it needs cryptography" },
  { stem: "libgssapi_krb5", opener: "Chromium and .NET open it for Kerberos" },
  { stem: "libsecret-1", opener: "Chromium and bun open it to keep secrets" },
  { stem: "libgobject-2.0", opener: secrets },
  { stem: "libglib-2.0", opener: secrets },
  { stem: "libgtk-3", opener: "Chromium and Java open it for dialogs" },
  { stem: "libgtk-4", opener: "Chromium opens it for dialogs" },
  { stem: "libasound", opener: "Chromium opens it for sound" },
  { stem: "libpulse", opener: "Chromium opens it for sound" },
  { stem: "libpipewire-0.3", opener: "Chromium and Java open it to share the screen, SDL for sound" },
  { stem: "libGL", opener: graphics },
  { stem: "libEGL", opener: graphics },
  { stem: "libGLESv2", opener: graphics },
  { stem: "libvulkan", opener: "Chromium, SDL, GLFW and wgpu open it for graphics" },
  { stem: "libwayland-egl", opener: "glutin and wgpu open it for graphics" },
  { stem: "libwayland-client", opener: winit },
  { stem: "libxkbcommon", opener: winit },
  { stem: "libX11", opener: winit },
  { stem: "libX11-xcb", opener: cursors },
  { stem: "libXcursor", opener: cursors },
  { stem: "libXi", opener: windows },
  { stem: "libXrandr", opener: windows },
  { stem: "libXrender", opener: "GLFW and winit open it to show windows" },
  { stem: "libayatana-appindicator3", opener: icon },
  { stem: "libsystemd", opener: "programs in Go open it to read the journal" },
  { stem: "libcups", opener: "Java opens it to print" },
  { stem: "libfontconfig", opener: "Java opens it to find fonts" },
  { stem: "libspeechd", opener: "Chromium opens it to speak" },
  // Source: Chromium, gpu/config/gpu_info_collector_linux.cc.
  { stem: "libpci", opener: "Chromium opens it to know the graphics card" },
];

/**
 * What does instead of another library: who opens the one tries the other when it is not there. Source: libappindicator-sys
 * (in @webviewjs/webview), crashpad's http_transport_libcurl.cc (in @molybden-apps/molybden).
 */
const substitutes: ReadonlyMap<string, string> = new Map([
  ["libappindicator3", "libayatana-appindicator3"],
  ["libcurl-gnutls", "libcurl"],
]);

/** The stem of the library that a name stands for: `libcurl` of `libcurl-gnutls.so.4` and of `libcurl.so.4`. */
export function libraryOf(name: string): string {
  const stem = stemOf(name);
  return substitutes.get(stem) ?? stem;
}

/** `libudev` of `libudev.so.1`, and of a path to it: what the names of one library have in common. */
export function stemOf(name: string): string {
  const base = baseName(name);
  const end = base.search(/\.so(?:\.[0-9]|$)/);
  return end === -1 ? base : base.slice(0, end);
}
