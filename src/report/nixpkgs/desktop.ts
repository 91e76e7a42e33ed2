// Libraries of desktops: GTK and Qt: the nixpkgs attribute, and the sonames in it. Data: see attributes.ts.

export const desktop: Readonly<Record<string, string>> = {
  // GLib, GTK and the desktop
  glib: "libglib-2.0.so.0 libgobject-2.0.so.0 libgio-2.0.so.0 libgmodule-2.0.so.0 libgthread-2.0.so.0",
  cairo: "libcairo.so.2 libcairo-gobject.so.2",
  pango: "libpango-1.0.so.0 libpangocairo-1.0.so.0 libpangoft2-1.0.so.0 libpangoxft-1.0.so.0",
  "gdk-pixbuf": "libgdk_pixbuf-2.0.so.0",
  gtk2: "libgtk-x11-2.0.so.0 libgdk-x11-2.0.so.0",
  gtk3: "libgtk-3.so.0 libgdk-3.so.0",
  gtk4: "libgtk-4.so.1",
  libadwaita: "libadwaita-1.so.0",
  "at-spi2-core": "libatk-1.0.so.0 libatk-bridge-2.0.so.0 libatspi.so.0",
  libsoup_3: "libsoup-3.0.so.0",
  webkitgtk_4_1: "libwebkit2gtk-4.1.so.0 libjavascriptcoregtk-4.1.so.0",
  webkitgtk_6_0: "libwebkitgtk-6.0.so.4 libjavascriptcoregtk-6.0.so.1",
  libnotify: "libnotify.so.4",
  libcanberra: "libcanberra.so.0",
  "libappindicator-gtk3": "libappindicator3.so.1",
  "libayatana-appindicator": "libayatana-appindicator3.so.1",
  libdbusmenu: "libdbusmenu-glib.so.4",
  "libdbusmenu-gtk3": "libdbusmenu-gtk3.so.4",
  "json-glib": "libjson-glib-1.0.so.0",
  libgudev: "libgudev-1.0.so.0",
  libproxy: "libproxy.so.1",
  networkmanager: "libnm.so.0",
  polkit: "libpolkit-gobject-1.so.0 libpolkit-agent-1.so.0",
  vte: "libvte-2.91.so.0",
  xdotool: "libxdo.so.3",

  // Qt
  "qt5.qtbase":
    "libQt5Core.so.5 libQt5Gui.so.5 libQt5Widgets.so.5 libQt5Network.so.5 libQt5DBus.so.5 libQt5Sql.so.5 libQt5Xml.so.5 libQt5OpenGL.so.5 libQt5PrintSupport.so.5 libQt5Concurrent.so.5 libQt5Test.so.5 libQt5XcbQpa.so.5",
  "qt5.qtdeclarative": "libQt5Qml.so.5 libQt5QmlModels.so.5 libQt5Quick.so.5 libQt5QuickWidgets.so.5",
  "qt5.qtmultimedia": "libQt5Multimedia.so.5 libQt5MultimediaWidgets.so.5",
  "qt5.qtsvg": "libQt5Svg.so.5",
  "qt5.qtwayland": "libQt5WaylandClient.so.5 libQt5WaylandCompositor.so.5",
  "qt5.qtwebchannel": "libQt5WebChannel.so.5",
  "qt5.qtwebsockets": "libQt5WebSockets.so.5",
  "qt5.qtx11extras": "libQt5X11Extras.so.5",
  "qt6.qtbase":
    "libQt6Core.so.6 libQt6Gui.so.6 libQt6Widgets.so.6 libQt6Network.so.6 libQt6DBus.so.6 libQt6Sql.so.6 libQt6Xml.so.6 libQt6OpenGL.so.6 libQt6OpenGLWidgets.so.6 libQt6PrintSupport.so.6 libQt6Concurrent.so.6 libQt6Test.so.6 libQt6XcbQpa.so.6",
  "qt6.qtdeclarative": "libQt6Qml.so.6 libQt6QmlModels.so.6 libQt6Quick.so.6 libQt6QuickWidgets.so.6",
  "qt6.qtmultimedia": "libQt6Multimedia.so.6 libQt6MultimediaWidgets.so.6",
  "qt6.qtsvg": "libQt6Svg.so.6 libQt6SvgWidgets.so.6",
  "qt6.qtwebchannel": "libQt6WebChannel.so.6",
  "qt6.qtwebengine": "libQt6WebEngineCore.so.6 libQt6WebEngineQuick.so.6 libQt6WebEngineWidgets.so.6",
  "qt6.qtwebsockets": "libQt6WebSockets.so.6",
};
