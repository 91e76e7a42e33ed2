// What a package installs beside the program. Apart, because nothing else needs it.

export { completionScript } from "./texts/completion/completion.ts";
export { manPage } from "./texts/man-page.ts";
