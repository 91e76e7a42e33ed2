// What is said when this program itself is wrong.

/** The report of an exception that nothing expected: the trace, and what to do with it. Exit status 70 goes with it. */
export function describeBug(thrown: unknown, version: string): string {
  const trace = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return [
    "wrap-buddy: error: this is a bug in wrap-buddy, not in what it was given",
    ...trace.split("\n").map((line) => `  ${line}`),
    `  help: report it with these lines, the command line and, if it can be shared, the file; version ${version}, node ${process.version}, ${process.arch}`,
    "",
  ].join("\n");
}
