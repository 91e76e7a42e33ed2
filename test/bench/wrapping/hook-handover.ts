// What the shell fragment hands to the hook for a derivation without attributes or inputs.

/** For one output, `directory`, which is empty. src/hook/handover.ts has the format. */
export function emptyHandover(directory: string): Uint8Array {
  const record = (name: string, kind: string, ...values: readonly string[]) => [
    name,
    kind,
    `${values.length}`,
    ...values,
  ];
  const fields = [
    ...record("outputs", "list", "out", directory),
    ...["packages", "hostPackages", "searchPathCalls", "arguments"].flatMap((name) => record(name, "list")),
    ...["interpreter", "compiler", "compilerLibraries"].flatMap((name) => record(name, "string", "")),
  ];
  return Buffer.from(fields.map((field) => `${field}\0`).join(""));
}
