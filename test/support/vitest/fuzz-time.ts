// How long the tests with random input search: a fixed, seeded effort in `npm test`, this long in `npm run fuzz`.

/** Seconds for each search of `npm run fuzz`, from WRAP_BUDDY_FUZZ_SECONDS; undefined for the short, repeatable run. */
export const fuzzSeconds: number | undefined = readSeconds(process.env["WRAP_BUDDY_FUZZ_SECONDS"]);

function readSeconds(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 1) throw new Error(`WRAP_BUDDY_FUZZ_SECONDS: not a number: ${text}`);
  return seconds;
}

/** The seed of a run: always the same in the short one. To be printed. */
export const fuzzSeed: number = fuzzSeconds === undefined ? 1 : Date.now() % 0x7fff_ffff;
