// What glibc opens by itself while a program runs: conversions, name services, locales, libgcc_s. It finds them for a
// wrapped program where it finds them for one that was linked with it, as Nix builds them.

import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../../support/compiled/compile.ts";
import { failsToStart } from "../../../support/compiled/program.ts";
import { addNixosGlibc } from "../../../support/roots/nixos-glibc.ts";
import { type Ran, runInStore, type SandboxOptions, wrapBuddy } from "../../../support/roots/sandbox.ts";
import { addFiles, createStore, hostPath, type InstalledGlibc, type Store } from "../../../support/roots/store.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

/** Says what each of them gave; ISO-2022-JP needs a library beside its own. */
const asks = `
#include <arpa/inet.h>
#include <iconv.h>
#include <langinfo.h>
#include <locale.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static void *leaves(void *unused) { pthread_exit(unused); }
static void user(const char *name) {
  struct passwd *found = getpwnam(name);
  printf("%s: %d\\n", name, found ? (int)found->pw_uid : -1);
}
static void locale(const char *name) {
  printf("%s: %s\\n", name, setlocale(LC_ALL, name) ? nl_langinfo(CODESET) : "none");
}
int main(void) {
  char in[] = "\\x1b$B$\\"", out[16] = "";
  char *from = in, *to = out;
  size_t left = strlen(in), room = 15;
  iconv_t conversion = iconv_open("UTF-8", "ISO-2022-JP");
  if (conversion != (iconv_t)-1) iconv(conversion, &from, &left, &to, &room);
  printf("conversion: %s\\n", out);
  user("compatible");
  user("answer");
  struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM }, *host = NULL;
  int failed = getaddrinfo("answer.test", NULL, &hints, &host);
  printf("host: %s\\n", failed ? gai_strerror(failed) : inet_ntoa(((struct sockaddr_in *)host->ai_addr)->sin_addr));
  locale("pp_PA.UTF-8");
  unsetenv("LOCPATH"); /* or the archive is not looked at */
  locale("aa_AR.UTF-8");
  fflush(stdout);
  pthread_t thread;
  pthread_create(&thread, NULL, leaves, NULL);
  pthread_join(thread, NULL);
  puts("thread: left");
}`;

const all = `conversion: あ
compatible: 1000
answer: 42
host: 192.0.2.42
pp_PA.UTF-8: UTF-8
aa_AR.UTF-8: UTF-8
thread: left
`;

/** A name service of another package, as sssd's and systemd's are: users and hosts. */
const service = `
#include <netdb.h>
#include <nss.h>
#include <pwd.h>
#include <string.h>
enum nss_status _nss_answer_getpwnam_r(const char *name, struct passwd *user, char *room, size_t size, int *error) {
  if (strcmp(name, "answer")) return NSS_STATUS_NOTFOUND;
  *user = (struct passwd){ .pw_name = "answer", .pw_passwd = "x", .pw_uid = 42, .pw_gecos = "", .pw_dir = "/", .pw_shell = "" };
  return NSS_STATUS_SUCCESS;
}
enum nss_status _nss_answer_gethostbyname2_r(const char *name, int family, struct hostent *host, char *room, size_t size, int *error, int *herror) {
  static unsigned char address[4] = { 192, 0, 2, 42 };
  static char *none[1], *addresses[2] = { (char *)address };
  *host = (struct hostent){ .h_name = "answer.test", .h_aliases = none, .h_addrtype = family, .h_length = 4, .h_addr_list = addresses };
  return NSS_STATUS_SUCCESS;
}`;

const services = "/nix/store/services/lib";
const locales = "/nix/store/locales";
const program = "/nix/store/tool/bin/asks";
const native = "/nix/store/native/bin/asks";
let store: Store;
let glibc: InstalledGlibc;
let files: string;

function ask(path: string, environment: SandboxOptions["environment"] = {}): Promise<Ran> {
  const binds = ["passwd", "nsswitch.conf"].map((name) => [join(files, name), `/etc/${name}`] as const);
  return runInStore(store, [path], { binds, environment: { LOCPATH: locales, ...environment } });
}

/** As systemd gives them to nscd on NixOS. */
const withServices = { LD_LIBRARY_PATH: services };

beforeAll(async () => {
  files = temporaryDirectory();
  writeFileSync(join(files, "passwd"), "compatible:x:1000:1000::/:/bin/sh\n");
  writeFileSync(join(files, "nsswitch.conf"), "passwd: compat answer\nhosts: files answer\n");
  store = createStore();
  glibc = addNixosGlibc(store, "aa_AR.utf8");
  cpSync("/usr/lib/locale/C.utf8", hostPath(store, `${locales}/pp_PA.utf8`), { recursive: true });
  const flags = ["-shared", "-fPIC", "-Wl,-soname,libnss_answer.so.2"];
  addFiles(store, services, [
    await compile(join(files, "libnss_answer.so.2"), { files: { "service.c": service }, flags }),
  ]);
  for (const [path, linking] of [
    [program, []],
    [native, [`-Wl,--dynamic-linker=${glibc.interpreter},-rpath,${glibc.directory}`]],
  ] as const) {
    const made = await compile(join(files, "asks"), { files: { "asks.c": asks }, flags: ["-O2", ...linking] });
    addFiles(store, path.slice(0, path.lastIndexOf("/")), [made]);
  }
});

describe("what glibc opens by itself", () => {
  it("is found by a program that was linked with it, and not without its files", async () => {
    expect(await ask(native, withServices)).toEqual({ stdout: all, stderr: "", exitCode: 0 });
    const directory = hostPath(store, glibc.directory);
    const whole = join(files, "whole");
    cpSync(directory, whole, { recursive: true });
    for (const name of ["gconv", "libnss_compat.so.2", "libgcc_s.so.1"]) {
      rmSync(join(directory, name), { recursive: true });
    }
    const { stdout, stderr } = await ask(native, { LOCPATH: "" });
    cpSync(whole, directory, { recursive: true });
    expect(stdout).toMatchInlineSnapshot(`
      "conversion: 
      compatible: -1
      answer: -1
      host: No address associated with hostname
      pp_PA.UTF-8: none
      aa_AR.UTF-8: UTF-8
      "
    `);
    expect(stderr).toContain("libgcc_s.so.1 must be installed");
  });

  it.each([
    ["pinned", []],
    ["by its run path", ["--no-pin"]],
    ["beside /proc/self/exe", ["--relocatable"]],
    ["in place", ["--form", "in-place"]],
  ])("is found by a wrapped program, %s", async (_, args) => {
    await wrapBuddy(store, ["unwrap", program]);
    expect(failsToStart(await ask(program, withServices))).toBe(true);
    const wrapped = await wrapBuddy(store, [program, "--interpreter", glibc.interpreter, ...args]);
    expect(wrapped).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await ask(program, withServices)).toEqual({ stdout: all, stderr: "", exitCode: 0 });
    // Of name services it finds as many as the one that was linked.
    expect(await ask(program)).toEqual(await ask(native));
  });

  it.each([
    ["with a stub", []],
    ["in place", ["--form", "in-place"]],
  ])("is found in directories that are given, %s", async (_, args) => {
    await wrapBuddy(store, ["unwrap", program]);
    const given = ["--interpreter", glibc.interpreter, "--append-run-path", services, ...args];
    expect(await wrapBuddy(store, [program, ...given])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await ask(program)).toEqual({ stdout: all, stderr: "", exitCode: 0 });
  });
});
