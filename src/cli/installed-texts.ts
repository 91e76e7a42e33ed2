// What a package installs beside the program. Apart, because nothing else needs it.

export { completionScript } from "./completion.ts";
export { manPage } from "./man-page.ts";
