// Well-known files that have a path written into them, and a variable or an option that says the same. Each was seen to work;
// of gpg's dirmngr and GStreamer's scanner only that they are told.

/** One place that one kind of file looks for, and how it is told of another. */
export interface KnownPlace {
  /** Base names of the files that look for it. */
  readonly in: RegExp;
  /** The path as it stands in the file; or where it lies, from the file's directory. There "$1" is the first group of `in`,
   * and "$0" the name of that directory. */
  readonly found:
    | { readonly text: RegExp; readonly adds?: string }
    /** The one file of the directory that the text names whose name fits. */
    | { readonly text: RegExp; readonly entry: RegExp }
    | { readonly beside: string };
  /** A variable, or an option that goes before the path; "itself": the file looks for it relative to where it is. */
  readonly told: { readonly variable: string } | { readonly option: string } | "itself";
  /** What is told, from the place: of /usr/share/octave "../..". The place, where it is not said. */
  readonly tells?: string;
  /** In a variable before each path, and between two. Nothing and a colon, where it is not said. */
  readonly before?: string;
  readonly separator?: string;
  /** It is in /etc or /var, and all the same no other machine has it. */
  readonly isOfMachine?: true;
}

/**
 * Paths of one variable are told in the order of the rows, those of one row in the order of their texts.
 *
 * Source: the manual of each: terminfo(5), magic(4), GVBINDIR in graphviz' libgvc, gst-launch(1), QLibraryInfo, guile(1),
 * Octave's "Environment variables", swipl(1), gforth(1), sbcl(1), lynx(1), tesseract(1), hunspell(1), groff(1), units(1),
 * gawk(1), aspell(1), perlrun(1), ruby(1), tclvars(n), git(1), gs(1), ImageMagick's "Resources", gpg(1), Emacs' "General
 * Variables", pandoc(1), kpathsea's "Path sources", Python's "Environment variables".
 */
export const knownPlaces: readonly KnownPlace[] = [
  { in: /^lib(?:tinfo|ncurses)w?\.so/, found: { text: /\/terminfo$/ }, told: { variable: "TERMINFO_DIRS" } },
  { in: /^libmagic\.so/, found: { text: /\/magic$/, adds: ".mgc" }, told: { variable: "MAGIC" } },
  { in: /^libgvc\.so/, found: { text: /\/graphviz$/ }, told: { variable: "GVBINDIR" } },
  {
    in: /^libgdk_pixbuf-2\.0\.so/,
    found: { text: /\/lib(?:\/[^/]+)?$/, adds: "/gdk-pixbuf-2.0/2.10.0/loaders.cache" },
    told: { variable: "GDK_PIXBUF_MODULE_FILE" },
  },
  {
    in: /^libgdk_pixbuf-2\.0\.so/,
    found: { beside: "../../share/mime" },
    told: { variable: "XDG_DATA_DIRS" },
    tells: "..",
  },
  { in: /^libgs\.so/, found: { beside: "../../share/ghostscript" }, told: "itself" },
  {
    in: /^libgstreamer-1\.0\.so/,
    found: { text: /\/gstreamer-1\.0$/ },
    told: { variable: "GST_PLUGIN_SYSTEM_PATH_1_0" },
  },
  {
    in: /^libgstreamer-1\.0\.so/,
    found: { text: /\/gst-plugin-scanner$/ },
    told: { variable: "GST_PLUGIN_SCANNER_1_0" },
  },
  { in: /^libQt([56])Core\.so/, found: { beside: "qt$1/plugins" }, told: { variable: "QT_PLUGIN_PATH" } },
  { in: /^libguile-3/, found: { text: /\/share\/guile\/\d[\d.]*$/ }, told: { variable: "GUILE_LOAD_PATH" } },
  { in: /^libguile-3/, found: { text: /\/ccache$/ }, told: { variable: "GUILE_LOAD_COMPILED_PATH" } },
  { in: /^octave-cli/, found: { beside: "../share/octave" }, told: { variable: "OCTAVE_HOME" }, tells: "../.." },
  { in: /^libswipl\.so/, found: { text: /\/swi-prolog$/ }, told: { variable: "SWI_HOME_DIR" } },
  { in: /^gforth/, found: { text: /\/gforth\/\d[\d.]*$/ }, told: { variable: "GFORTHPATH" } },
  { in: /^sbcl$/, found: { beside: "../lib/sbcl" }, told: { variable: "SBCL_HOME" } },
  { in: /^lynx$/, found: { text: /\/lynx\.cfg$/ }, told: { variable: "LYNX_CFG" }, isOfMachine: true },
  { in: /^libtesseract\.so/, found: { text: /\/tessdata$/ }, told: { variable: "TESSDATA_PREFIX" } },
  { in: /^hunspell$/, found: { text: /\/hunspell$/ }, told: { variable: "DICPATH" } },
  {
    in: /^(?:groff|troff|grotty|grops)$/,
    found: { text: /\/groff\/\d[\d.]*\/font$/ },
    told: { variable: "GROFF_FONT_PATH" },
  },
  { in: /^troff$/, found: { text: /\/groff\/\d[\d.]*\/tmac$/ }, told: { variable: "GROFF_TMAC_PATH" } },
  {
    in: /^groff$/,
    found: { text: /\/groff\/\d[\d.]*\/font$/ },
    told: { variable: "GROFF_TMAC_PATH" },
    tells: "../tmac",
  },
  { in: /^units$/, found: { text: /\/definitions\.units$/ }, told: { variable: "UNITSFILE" } },
  { in: /^gawk$/, found: { text: /\/lib(?:\/[^/]+)?\/gawk$/ }, told: { variable: "AWKLIBPATH" } },
  { in: /^qemu-system-/, found: { text: /\/lib(?:\/[^/]+)?\/qemu$/ }, told: { variable: "QEMU_MODULE_DIR" } },
  {
    in: /^libaspell\.so/,
    found: { beside: "../aspell" },
    told: { variable: "ASPELL_CONF" },
    before: "data-dir ",
    separator: ";",
  },
  {
    in: /^libaspell\.so/,
    found: { beside: "../aspell/$0" },
    told: { variable: "ASPELL_CONF" },
    before: "filter-path ",
    separator: ";",
  },
  {
    in: /^libaspell\.so/,
    found: { beside: "../../../var/lib/aspell" },
    told: { variable: "ASPELL_CONF" },
    before: "dict-dir ",
    separator: ";",
    isOfMachine: true,
  },
  {
    in: /^(?:perl|libperl\.so)/,
    found: { text: /\/perl(?:-base|5?(?:\/\d[\d.]*)?)$/ },
    told: { variable: "PERL5LIB" },
  },
  {
    in: /^libruby/,
    found: { text: /\/ruby\/(?:vendor_ruby(?:\/\d[\d.]*)?|\d[\d.]*)$/ },
    told: { variable: "RUBYLIB" },
  },
  { in: /^libtcl8\.6/, found: { text: /\/tcl8\.6$/ }, told: { variable: "TCL8_6_TM_PATH" }, tells: "tcl8" },
  { in: /^libtcl8/, found: { text: /\/tcl8\.\d$/ }, told: { variable: "TCL_LIBRARY" } },
  { in: /^git$/, found: { text: /\/lib(?:exec)?\/git-core$/ }, told: { variable: "GIT_EXEC_PATH" } },
  { in: /^git$/, found: { beside: "../share/git-core/templates" }, told: { variable: "GIT_TEMPLATE_DIR" } },
  { in: /^libgs\.so/, found: { text: /\/ghostscript\/[^/]+\/(?:Resource\/\w+|lib)$/ }, told: { variable: "GS_LIB" } },
  {
    in: /^libMagickCore/,
    found: { text: /\/etc\/ImageMagick-\d$/ },
    told: { variable: "MAGICK_CONFIGURE_PATH" },
    isOfMachine: true,
  },
  { in: /^libMagickCore/, found: { text: /\/coders$/ }, told: { variable: "MAGICK_CODER_MODULE_PATH" } },
  { in: /^libkpathsea\.so/, found: { text: /\/web2c$/ }, told: { variable: "TEXMFCNF" } },
  { in: /^libpython(3\.\d+)\.so/, found: { beside: "../python$1" }, told: { variable: "PYTHONHOME" }, tells: "../.." },
  { in: /^libbabl-0\.1\.so/, found: { beside: "babl-0.1" }, told: { variable: "BABL_PATH" } },
  { in: /^libgegl-0\.4\.so/, found: { beside: "gegl-0.4" }, told: { variable: "GEGL_PATH" } },
  { in: /^libgimpbase-2\.0\.so/, found: { text: /\/share\/gimp\/2\.0$/ }, told: { variable: "GIMP2_DATADIR" } },
  { in: /^libgimpbase-2\.0\.so/, found: { text: /\/lib\/gimp\/2\.0$/ }, told: { variable: "GIMP2_PLUGINDIR" } },
  {
    in: /^libgimpbase-2\.0\.so/,
    found: { text: /\/etc\/gimp\/2\.0$/ },
    told: { variable: "GIMP2_SYSCONFDIR" },
    isOfMachine: true,
  },
  { in: /^blender$/, found: { beside: "../share/blender/scripts" }, told: { variable: "BLENDER_SYSTEM_SCRIPTS" } },
  { in: /^blender$/, found: { beside: "../share/blender/datafiles" }, told: { variable: "BLENDER_SYSTEM_DATAFILES" } },
  { in: /^emacs/, found: { text: /\/emacs\/\d[\d.]*\/lisp$/ }, told: { variable: "EMACSLOADPATH" } },
  { in: /^emacs/, found: { text: /\/emacs\/\d[\d.]*\/etc$/ }, told: { variable: "EMACSDATA" } },
  { in: /^emacs/, found: { text: /\/emacs\/\d[\d.]*\/etc$/ }, told: { variable: "EMACSDOC" } },
  { in: /^emacs/, found: { text: /\/libexec\/emacs\/\d[^/]*\/[^/]+$/ }, told: { variable: "EMACSPATH" } },
  {
    in: /^emacs/,
    found: { text: /\/libexec\/emacs\/\d[^/]*\/[^/]+$/, entry: /\.pdmp$/ },
    told: { option: "--dump-file=" },
  },
  { in: /^gpg$/, found: { text: /\/bin$/, adds: "/gpg-agent" }, told: { option: "--agent-program=" } },
  { in: /^gpg$/, found: { text: /\/bin$/, adds: "/dirmngr" }, told: { option: "--dirmngr-program=" } },
  { in: /^pandoc$/, found: { text: /\/share\/pandoc$/, adds: "/data" }, told: { option: "--data-dir=" } },
  { in: /^emacs/, found: { beside: "../lib/emacs" }, told: "itself" },
  { in: /^gdb$/, found: { text: /\/share\/gdb$/ }, told: "itself" },
];
