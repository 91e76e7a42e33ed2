// Libraries that programs open by a name which no byte ends, and functions that whoever opens one asks for. Data.
//
// Strings of Rust and Go follow each other without a NUL, so where a name stands among them is certain only for a name
// that is known; and programs that make packages, or say which are missing, have tables of such names without opening
// one (deno: what a Debian package is to depend on; tauri: what an AppImage is to hold). Who opens a library looks its
// functions up by name. Left out is what is often linked into a program and says the names of its own functions in its
// messages: D-Bus, OpenSSL, GLib, SQLite.
//
// Source of the functions: the public headers of each library. Source of the names: alacritty 0.11, deno 2.9,
// @slint-ui/slint-ui 1.18, @webviewjs/webview, podman 4.3, MangoHud 0.6 and libss 1.47; the list of x11-dl's build.rs;
// public programs in Rust and Go that call libloading's Library::new or purego.Dlopen with them.

/** The soname, and the functions: one is enough. */
const functionsBySoname: Readonly<Record<string, string>> = {
  // X11
  "libX11.so.6": "XOpenDisplay",
  "libX11-xcb.so.1": "XGetXCBConnection",
  "libXcursor.so.1": "XcursorImage",
  "libXext.so.6": "XShapeQuery XShmQuery XSyncQuery DPMSQuery",
  "libXft.so.2": "XftFontOpen",
  "libXi.so.6": "XIQueryVersion",
  "libXinerama.so.1": "XineramaIsActive",
  "libXpresent.so.1": "XPresentQueryExtension",
  "libXrandr.so.2": "XRRGetScreenResources",
  "libXrender.so.1": "XRenderFindVisualFormat",
  "libXss.so.1": "XScreenSaverQueryInfo",
  "libXtst.so.6": "XTestFakeKeyEvent XRecordQueryVersion",
  "libXxf86vm.so.1": "XF86VidModeQueryExtension",
  "libxkbcommon.so.0": "xkb_context_new",
  "libxkbcommon-x11.so.0": "xkb_x11_get_core_keyboard_device_id",

  // Wayland
  "libwayland-client.so.0": "wl_display_connect",
  "libwayland-cursor.so.0": "wl_cursor_theme_load",
  "libwayland-egl.so.1": "wl_egl_window_create",
  "libwayland-server.so.0": "wl_display_create",

  // graphics
  "libEGL.so.1": "eglGetProcAddress eglInitialize",
  "libGL.so.1": "glXGetProcAddress",
  "libGLESv2.so.2": "glGetString",
  "libvulkan.so.1": "vkGetInstanceProcAddr",
  "libgbm.so.1": "gbm_create_device",
  "libva.so.2": "vaInitialize",
  "libva-drm.so.2": "vaGetDisplayDRM",
  "libOpenCL.so.1": "clGetPlatformIDs",
  "libSDL2-2.0.so.0": "SDL_Init",
  "libSDL3.so.0": "SDL_Init",

  // sound
  "libasound.so.2": "snd_pcm_ snd_seq_ snd_ctl_ snd_card_",
  "libjack.so.0": "jack_client_open jack_set_",
  "libpipewire-0.3.so.0": "pw_init",
  "libpulse.so.0": "pa_context_new pa_mainloop_new pa_threaded_mainloop_new",
  "libpulse-simple.so.0": "pa_simple_new",

  // the desktop
  "libappindicator3.so.1": "app_indicator_new",
  "libayatana-appindicator3.so.1": "app_indicator_new",
  "libfontconfig.so.1": "FcInit FcConfig FcNameParse",
  "libgtk-3.so.0": "gtk_init",
  "libgtk-4.so.1": "gtk_init",
  "libsecret-1.so.0": "secret_password_ secret_service_",

  // devices and the system
  "libreadline.so.8": "rl_completion_matches",
  "libsystemd.so.0": "sd_journal_ sd_bus_ sd_notify",
  "libudev.so.1": "udev_new",
};

export interface AskedLibrary {
  readonly stem: string;
  /** What its soname has after `.so`, the dot included. */
  readonly version: string;
  /** Names, or what several begin with; a program that opens the library has one of them at least. */
  readonly functions: readonly string[];
}

export const askedLibraries: readonly AskedLibrary[] = Object.entries(functionsBySoname).map(([soname, functions]) => {
  const end = soname.indexOf(".so.");
  return { stem: soname.slice(0, end), version: soname.slice(end + 3), functions: functions.split(" ") };
});
