// The version, from package.json: the bundle contains it.

import packageJson from "../../package.json" with { type: "json" };

/** "1.2.3" */
export const { version } = packageJson;
