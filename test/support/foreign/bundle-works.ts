// Programs of Debian and the work that each does in a bundle: what is bundled with it, and what has to be set because a path
// is written into the program. Paths are those of a root directory of Debian, this machine's or another one.

import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

export interface BundleWork {
  /** How it is called. */
  readonly name: string;
  /** Its path in Debian. */
  readonly program: string;
  /** Further paths that are bundled. */
  readonly with?: readonly string[];
  /** What is given to `--set`: variables whose values are paths of before. */
  readonly set?: { readonly [variable: string]: string };
  /** Directories of libraries that Debian finds by a link that a package's script makes. */
  readonly libraries?: readonly string[];
  /** Directories of before that are put in front of PATH: the program looks beside the name that it was started by. */
  readonly path?: readonly string[];
  /** What it does, for the page. */
  readonly does: string;
  /** Words for `sh -ec`. In it `at` gives a path of before where that is now. */
  readonly script: (at: (path: string) => string) => string;
}

const machineLibraries = "/usr/lib/x86_64-linux-gnu";

/** The one entry of a directory that the pattern fits. */
function entry(root: string, directory: string, pattern: RegExp): string {
  const found = readdirSync(join(root, directory)).find((name) => pattern.test(name));
  if (found === undefined) throw new Error(`${root}${directory} has nothing like ${pattern}`);
  return `${directory}/${found}`;
}

/** Those that npm run setup installs on this machine. */
export function fewBundleWorks(root: string): readonly BundleWork[] {
  const python = `/usr/lib/${readlinkSync(join(root, "usr/bin/python3"))}`;
  const pydoc = entry(root, "/usr/bin", /^pydoc\d\.\d+$/);
  const perl = entry(root, "/usr/share/perl", /^\d+\.\d+$/);
  const perlVersion = perl.slice(perl.lastIndexOf("/") + 1);
  return [
    {
      name: "bash",
      program: "/usr/bin/bash",
      does: "loops, patterns",
      script: () => `bash -c 'for i in 1 2; do printf "%s " $((i * 2)); done; [[ abc =~ b ]] && echo yes'`,
    },
    {
      name: "jq",
      program: "/usr/bin/jq",
      does: "a query",
      script: () => `echo '{"a":[1,2]}' | jq -c '.a | map(. * 2)'`,
    },
    {
      name: "openssl",
      program: "/usr/bin/openssl",
      does: "a digest, a key, a signature",
      script: () =>
        "echo x | openssl dgst -sha256 -r; openssl genpkey -algorithm ed25519 -out k; echo x > m; openssl pkeyutl -sign -inkey k -rawin -in m -out s; openssl pkeyutl -verify -inkey k -rawin -in m -sigfile s",
    },
    {
      name: "sqlite3",
      program: "/usr/bin/sqlite3",
      does: "a query",
      script: () => `sqlite3 :memory: 'create table t(a); insert into t values (2); select a * 21 from t'`,
    },
    {
      name: "curl",
      program: "/usr/bin/curl",
      does: "a file: URL",
      script: () => "echo x > f; curl -s file:///tmp/f",
    },
    {
      name: "python3",
      program: "/usr/bin/python3",
      with: [python, pydoc],
      does: "ssl, sqlite3, ctypes, hashlib; a script of its own",
      script: () =>
        `pydoc${pydoc.slice("/usr/bin/pydoc".length)} sys.exit; python3 -c 'import ssl, sqlite3, json, hashlib, ctypes, zlib; ssl.create_default_context(); print(json.dumps([ssl.OPENSSL_VERSION, hashlib.sha256(b"x").hexdigest()]))'`,
    },
    {
      name: "perl",
      program: "/usr/bin/perl",
      with: [`${machineLibraries}/perl`, `${machineLibraries}/perl-base`, "/usr/share/perl"],
      set: {
        PERL5LIB: [perl, `${machineLibraries}/perl/${perlVersion}`, `${machineLibraries}/perl-base`].join(":"),
      },
      does: "POSIX, JSON::PP, Digest::SHA",
      script: () =>
        `perl -MPOSIX -MJSON::PP -MDigest::SHA=sha256_hex -e 'print encode_json([POSIX::floor(1.5), sha256_hex("x")]), "\\n"'`,
    },
    {
      name: "git",
      program: "/usr/bin/git",
      with: ["/usr/lib/git-core"],
      set: { GIT_EXEC_PATH: "/usr/lib/git-core", GIT_TEMPLATE_DIR: "" },
      does: "init, commit, clone",
      script: () =>
        "git init -q a; cd a; echo x > f; git add f; git -c user.name=n -c user.email=e commit -qm message; cd ..; git clone -q /tmp/a b; git -C b log --format=%s",
    },
  ];
}

/** Of node itself; Debian's own opens /usr/share/nodejs by that path, and does not start without. */
export function nodeWork(program: string): BundleWork {
  return {
    name: "node",
    program,
    does: "gzip there and back",
    script: () =>
      `node -e 'const { gzipSync, gunzipSync } = require("node:zlib"); console.log(gunzipSync(gzipSync("x")).toString())'`,
  };
}

/** All of them, in a root that has them and this machine's node as /tool/node. */
export function allBundleWorks(root: string): readonly BundleWork[] {
  const postgres = entry(root, "/usr/lib/postgresql", /^\d+$/);
  const postgresShare = entry(root, "/usr/share/postgresql", /^\d+$/);
  const php = entry(root, "/usr/bin", /^php\d[\d.]*$/);
  const vim = entry(root, "/usr/share/vim", /^vim\d+$/);
  const gcc = entry(root, "/usr/lib/gcc/x86_64-linux-gnu", /^\d+$/);
  // Where Debian has the compiler itself since its release 13.
  const compilers = gcc.replace("/usr/lib/", "/usr/libexec/");
  const ruby = entry(root, "/usr/lib/ruby", /^\d+\.\d+\.\d+$/);
  const ghostscript = entry(root, "/usr/share/ghostscript", /^\d/);
  const magick = entry(root, machineLibraries, /^ImageMagick-\d/);
  const convert = entry(root, "/usr/bin", /^convert-im/);
  const convertName = convert.slice("/usr/bin/".length);
  return [
    ...fewBundleWorks(root),
    nodeWork("/tool/node"),
    {
      name: "ripgrep",
      program: "/usr/bin/rg",
      does: "a search",
      script: () => "printf 'a1\\nb\\n' > f; rg -n '\\d' f",
    },
    {
      name: "php",
      program: php,
      with: [entry(root, "/usr/lib/php", /^\d{8}$/)],
      does: "JSON, hash, preg",
      script: () =>
        `${php.slice(php.lastIndexOf("/") + 1)} -n -d display_startup_errors=0 -r 'echo json_encode([hash("sha256", "x"), preg_replace("/a/", "b", "a")]), "\\n";' 2>/dev/null`,
    },
    {
      name: "vim",
      program: "/usr/bin/vim.basic",
      with: [vim],
      set: { VIMRUNTIME: vim },
      does: "edited a file, with its runtime files",
      script: () => "echo abc > f; vim.basic -es -i NONE -c 'syntax on' -c '%s/b/x/' -c wq f; read -r l < f; echo $l",
    },
    {
      name: "ffmpeg",
      program: "/usr/bin/ffmpeg",
      libraries: ["blas", "lapack"].map((name) => `${machineLibraries}/${name}`),
      does: "a test picture to H.264",
      script: () =>
        "ffmpeg -v error -f lavfi -i testsrc=duration=0.2:size=64x64 -c:v libx264 -threads 1 -f framemd5 -fflags +bitexact -",
    },
    {
      name: "tclsh",
      program: "/usr/bin/tclsh",
      with: ["/usr/share/tcltk", "/usr/lib/tcltk"],
      set: {
        TCL_LIBRARY: "/usr/share/tcltk/tcl8.6",
        TCLLIBPATH: "/usr/share/tcltk /usr/lib/tcltk",
        TCL8_6_TM_PATH: "/usr/share/tcltk/tcl8.6/tcl8",
      },
      does: "JSON, SQLite, a date",
      script: () =>
        "echo 'package require json; package require sqlite3; sqlite3 db :memory:; puts [db eval {select 6*7}]; puts [json::json2dict {{\"a\":1}}]; puts [clock format 0 -gmt 1]' | tclsh",
    },
    {
      name: "lua",
      program: "/usr/bin/lua5.4",
      with: ["/usr/share/lua", `${machineLibraries}/lua`],
      set: { LUA_PATH: "/usr/share/lua/5.4/?.lua;;", LUA_CPATH: `${machineLibraries}/lua/5.4/?.so;;` },
      does: "LuaSocket",
      script: () => `lua5.4 -e 's = require("socket"); print(s._VERSION, s.dns ~= nil)'`,
    },
    {
      name: "ruby",
      program: "/usr/bin/ruby",
      with: ["/usr/lib/ruby", `${machineLibraries}/ruby`],
      set: { RUBYLIB: `/usr/lib/ruby/vendor_ruby:${ruby}:${ruby.replace("/usr/lib", machineLibraries)}` },
      does: "JSON, a digest",
      script: () => `ruby -e 'require "json"; require "digest"; puts JSON.generate([Digest::SHA256.hexdigest("x")])'`,
    },
    {
      name: "gs",
      program: "/usr/bin/gs",
      with: ["/usr/share/ghostscript", "/usr/share/color/icc/ghostscript"],
      set: { GS_LIB: ["Resource/Init", "Resource/Font", "lib"].map((name) => `${ghostscript}/${name}`).join(":") },
      does: "PostScript to a picture",
      script: () =>
        "echo 'newpath 10 10 moveto 50 50 lineto stroke showpage' > a.ps; gs -q -dNOSAFER -sDEVICE=pgmraw -r20 -o o.pgm a.ps; head -c 9999 < o.pgm",
    },
    {
      name: "rsvg-convert",
      program: "/usr/bin/rsvg-convert",
      with: ["/usr/share/fonts/truetype/dejavu", "/usr/share/fontconfig", "/etc/fonts"],
      set: { FONTCONFIG_FILE: "/etc/fonts/fonts.conf", XDG_DATA_HOME: "/usr/share" },
      does: "a text in an SVG to a font's outlines",
      script: () =>
        'echo \'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text y="15" font-family="DejaVu Sans">hi</text></svg>\' > a.svg; rsvg-convert -f svg a.svg',
    },
    {
      name: "convert",
      program: convert,
      with: [magick, "/etc/ImageMagick-6"],
      set: { MAGICK_CONFIGURE_PATH: "/etc/ImageMagick-6", MAGICK_CODER_MODULE_PATH: `${magick}/modules-Q16/coders` },
      does: "a gradient to PNG and back, by modules",
      script: () =>
        `${convertName} -size 20x20 gradient:red-blue -rotate 90 a.png; ${convertName} a.png -format '%wx%h %m %#' info:`,
    },
    {
      name: "gcc",
      program: "/usr/bin/gcc",
      with: ["/usr/bin/as", gcc, "/usr/include", ...(existsSync(join(root, compilers)) ? [compilers] : [])],
      path: ["/usr/bin"],
      does: "compiled a file to an object",
      script: (at) =>
        `echo '#include <stdio.h>\nint main(void) { return puts("x"); }' > f.c; gcc -isystem ${at("/usr/include")} -isystem ${at("/usr/include/x86_64-linux-gnu")} -c f.c; test -s f.o; echo compiled`,
    },
    {
      name: "postgres",
      program: `${postgres}/bin/postgres`,
      with: [postgres, postgresShare],
      path: [`${postgres}/bin`],
      does: "initdb, a query",
      script: () =>
        "initdb -D d --no-sync --no-locale -A trust > log 2>&1 || { while read -r l; do echo $l; done < log; exit 1; }; echo 'select 6 * 7 as answer' | postgres --single -D d postgres 2>/dev/null | while read -r l; do case $l in *42*) echo 42 ;; esac; done",
    },
  ];
}

/** The words for `wrap-buddy bundle` but the output's. */
export function bundleWords({ program, with: more = [], libraries = [], set = {} }: BundleWork): readonly string[] {
  return [
    ...[program, ...more],
    ...libraries.flatMap((one) => ["--libs", one]),
    ...Object.entries(set).flatMap(([variable, value]) => ["--set", `${variable}=${value}`]),
  ];
}

/** The work as a line for sh, where the programs lie in a bundle that is first on PATH. */
export function bundledScript({ name, program, path = [], script }: BundleWork): string {
  const file = program.slice(program.lastIndexOf("/") + 1);
  const at = (one: string) => `"$here/root${one}"`;
  const paths = path.length === 0 ? [] : [`PATH=${path.map(at).join(":")}:$PATH`];
  return [`here=$(command -v ${file || name}) here=\${here%/bin/*}`, ...paths, script(at)].join("; ");
}

/** The same where Debian has installed them. */
export function installedScript({ program, path = [], libraries = [], script }: BundleWork): string {
  const directories = [program.slice(0, program.lastIndexOf("/")), ...path];
  const searched = libraries.length === 0 ? [] : [`export LD_LIBRARY_PATH=${libraries.join(":")}`];
  return [...searched, `PATH=${[...directories, "$PATH"].join(":")}`, script((one) => one)].join("; ");
}
