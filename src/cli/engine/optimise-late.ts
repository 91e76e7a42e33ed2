// How the JavaScript engine is to run this program: for a moment.

/**
 * Has V8 take its time before it optimises a function, with seven times its own patience. By default it compiles most
 * of the program with TurboFan in the background, and a tree is done before that pays: wrapping 700 executables among
 * 10,000 files took 885 ms of processor time, and takes 525 ms so; 485 ms instead of 560 ms where a second core was idle.
 * A tree ten times as large gets its hot functions optimised all the same. The versions of V8 that are known to have the
 * flag are those of Node 20 to 24; one without it would complain on standard error. node:v8 takes 4 ms to load, so it
 * is loaded here; the oldest versions of Node 20 cannot do that at once, and do without.
 */
export function optimiseLate(): void {
  const newestKnown = 13;
  if (Number.parseInt(process.versions.v8, 10) <= newestKnown) {
    process.getBuiltinModule?.("node:v8").setFlagsFromString("--interrupt-budget=1000000");
  }
}
