// Where the repository is. What bundles the tests' code (bench, demo) puts it as deep as this file lies, so other files ask
// here.

/** Its directory. */
export const repository: URL = new URL("../../", import.meta.url);
