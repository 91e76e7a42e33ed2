// What a reader can set to change an outcome: an option on the command line, a derivation attribute in the hook.

import type { Surface } from "./context.ts";

const settings = {
  paths: { cli: "--paths", hook: "wrapBuddy's arguments" },
  libraries: { cli: "--libs", hook: "buildInputs" },
  runtimeDependencies: { cli: "--runtime-dependencies", hook: "runtimeDependencies" },
  ignoreMissing: { cli: "--ignore-missing", hook: "wrapBuddyIgnoreMissing" },
  exclude: { cli: "--exclude", hook: "wrapBuddyExclude" },
  interpreter: { cli: "--interpreter", hook: "wrapBuddyInterpreters" },
  needed: { cli: "--needed", hook: "wrapBuddyExtraNeeded" },
  loaderDirectory: { cli: "--loader-dir-path", hook: "--loader-dir-path in wrapBuddyFlags" },
  relocatable: { cli: "--relocatable", hook: "wrapBuddyRelocatable" },
  pin: { cli: "--pin", hook: "wrapBuddyPin" },
  form: { cli: "--form", hook: "wrapBuddyForm" },
  libraryMode: { cli: "--libraries", hook: "wrapBuddyLibraries" },
  appendRunPath: { cli: "--append-run-path", hook: "appendRunpaths" },
  strict: { cli: "--strict", hook: "wrapBuddyStrict = true" },
  verbose: { cli: "-v", hook: "-v in wrapBuddyFlags" },
} as const satisfies Record<string, Record<"cli" | "hook", string>>;

export type SettingName = keyof typeof settings;

/** The option or attribute that means `name` where the reader is. */
export function showSetting(name: SettingName, surface: Surface): string {
  return settings[name][surface === "hook" ? "hook" : "cli"];
}

/** How a file is left out where the reader is. */
export function leaveOut(surface: Surface): string {
  return surface === "bundle"
    ? "leave it out: name the others instead"
    : `leave it out with ${showSetting("exclude", surface)}`;
}
