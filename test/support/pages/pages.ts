// The pages of the repository as their readers take them: what stands there to be typed, and what to be written to a file.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { repository } from "../repository.ts";

const root = fileURLToPath(repository);

/** The front page, and those that it leads to. */
export const pages = [
  "README.md",
  "hook/README.md",
  "native/README.md",
  "nix/README.md",
  "src/README.md",
  "src/cli/README.md",
  "src/commands/bundle/README.md",
  "test/README.md",
  "test/bench/README.md",
] as const;

export type Page = (typeof pages)[number];

/** Where the page lies on this machine. */
export function pagePath(page: Page): string {
  return `${root}${page}`;
}

export function pageText(page: Page): string {
  return readFileSync(pagePath(page), "utf8");
}

/** What stands between two fences. */
export interface Block {
  /** "" where none is said. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a page, in its order. */
export function blocksOf(page: Page): readonly Block[] {
  return [...pageText(page).matchAll(fenced)].map(([, language = "", text = ""]) => ({ language, text }));
}

const fenced = /^```([a-z]*)\n([\s\S]*?)^```$/gm;

/** Programs whose name in a line of text begins a command, when there is more after it. */
const programs =
  "apt-get bun git ld.so ldd nix nix-build nix-instantiate node npm npx objdump patchelf readelf sh strip upx wrap-buddy".split(
    " ",
  );

/** Every command of a page once: those of its blocks, and those between backquotes in its text. */
export function commandsOf(page: Page): readonly string[] {
  const inBlocks = blocksOf(page).flatMap(({ language, text }) => {
    const lines = text.split("\n").filter((line) => line !== "");
    if (language === "sh") return lines;
    return lines.flatMap((line) => (line.startsWith("$ ") ? [line.slice(2)] : []));
  });
  const prose = pageText(page).replace(fenced, "");
  const inProse = [...prose.matchAll(/`([^`]+)`/g)]
    .map(([, span = ""]) => span.replaceAll(/\s+/g, " "))
    .filter((span) => isCommand(span));
  return [...new Set([...inBlocks.map((line) => line.replace(/\s+#.*/, "")), ...inProse])];
}

function isCommand(span: string): boolean {
  const [first = "", ...others] = span.replace(/^([A-Z_]+=("[^"]*"|\S*) )+/, "").split(" ");
  return others.length > 0 ? programs.includes(first) : span !== first && first.startsWith("./");
}
