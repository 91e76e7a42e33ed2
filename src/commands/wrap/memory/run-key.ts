// What all executables of a run have in common: with the same key, an executable that has not changed, and that saw what
// it saw before, is to be wrapped as it was before.

import { digestOf } from "../../../base/digest.ts";
import { signatureAt } from "../../../base/file-signature.ts";
import { directoryOf } from "../../../base/path.ts";
import { once } from "../../../elf/once.ts";
import type { Surroundings } from "../../../planning/surroundings.ts";
import type { WrapRequest } from "../../../planning/wrap-request.ts";
import { textOfSignature } from "./seen-state.ts";

/** What a run is known by. Each is worked out when it is first asked for: many runs need neither. */
export interface RunKey {
  /** `nameOfRun` */
  readonly name: () => string;
  /** What its executables have in common. */
  readonly key: () => string;
  /**
   * Whether nothing that the key follows from has changed since `beginning`, milliseconds since 1970, or is about to: only
   * then is it the key of what was planned meanwhile.
   */
  readonly isAtRest: (beginning: number) => boolean;
}

type SignatureOf = (path: string) => ReturnType<typeof signatureAt>;

/** `carriers`: their key. */
export function runKeyOf(version: () => string, surroundings: Surroundings, carriers: readonly string[]): RunKey {
  const { request, bundledLibraries } = surroundings;
  const signatures = once(
    () => new Map([...linkersOf(request), ...bundledLibraries].map((path) => [path, signatureAt(path)])),
  );
  return {
    name: once(() => nameOfRun(request)),
    key: once(() => keyOf(version(), surroundings, carriers, (path) => signatures().get(path))),
    isAtRest: (beginning) =>
      [...signatures().values()].every(
        (signature) => signature === "absent" || (signature !== undefined && signature.atRest < beginning),
      ),
  };
}

/** The name under which runs of this request are kept: its paths and options, except --dry-run. */
export function nameOfRun(request: WrapRequest): string {
  return digestOfAll(wordsOf(request)).slice(0, 32);
}

function keyOf(
  version: string,
  surroundings: Surroundings,
  carriers: readonly string[],
  signatureOf: SignatureOf,
): string {
  const { request, trees, bundledLibraries, packageOf } = surroundings;
  const textOf = (path: string) => textOfSignature(signatureOf(path));
  return digestOfAll([
    [version, process.version, process.getuid?.()],
    wordsOf(request),
    linkersOf(request).map(textOf),
    trees,
    // With their files: one that is given a run path of its own is read outside of the index.
    bundledLibraries.map((path) => [path, packageOf(path), packageOf(directoryOf(path)), textOf(path)]),
    carriers,
  ]);
}

function linkersOf({ interpreters, fallbackInterpreters }: WrapRequest): readonly string[] {
  return [...interpreters, ...fallbackInterpreters];
}

function wordsOf({ dryRun: _, interpreterOrigins, ...rest }: WrapRequest): unknown {
  return { ...rest, interpreterOrigins: [...interpreterOrigins] };
}

function digestOfAll(value: unknown): string {
  return digestOf(JSON.stringify(value)).toString("hex");
}
