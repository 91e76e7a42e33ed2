// The start-up ratios as a picture: a group of bars a program, patchelf's version is 1.

import type { StartUp, Way } from "../results.ts";
import { ways } from "./programs.ts";

const colours: { readonly [way in Way]: string } = {
  original: "#9e9e9e",
  patchelf: "#5277c3",
  "run path": "#7eb36a",
  pinned: "#2f7d32",
  "in place": "#c0ca33",
  "shell wrapper": "#d08770",
};

const [left, barHeight, groupGap, scale] = [120, 12, 14, 260] as const;
/** Bars longer than this ratio are cut; the number beside them says how long they are. */
const longest = 1.8;

const title = "Start-up time, spawn to exit, as a ratio to the same program patched with patchelf";

export function drawStartUp(results: readonly StartUp[]): string {
  const parts: string[] = [];
  let y = 60;
  for (const { name, ways: measured } of results) {
    const present = ways.filter((way) => measured[way] !== undefined);
    parts.push(text(left - 8, y + (present.length * barHeight) / 2 + 4, name, "end"));
    for (const way of present) {
      const ratio = measured[way]?.toPatchelf ?? 0;
      const width = Math.min(ratio, longest) * scale;
      parts.push(
        `<rect x="${left}" y="${y}" width="${width.toFixed(1)}" height="${barHeight - 2}" fill="${colours[way]}"/>`,
        text(left + width + 4, y + 9, ratio.toFixed(2), "start"),
      );
      y += barHeight;
    }
    y += groupGap;
  }
  const shown = ways.filter((way) => results.some((program) => program.ways[way] !== undefined));
  const legend = shown.map((way, i) => {
    const x = left + i * 90;
    return `<rect x="${x}" y="32" width="10" height="10" fill="${colours[way]}"/>${text(x + 14, 41, way, "start")}`;
  });
  const line = left + scale;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="680" height="${y + 10}" font-family="sans-serif" font-size="11">`,
    `<title>${title}</title>`,
    `<rect width="100%" height="100%" fill="white"/>`,
    text(left, 18, title, "start"),
    ...legend,
    `<line x1="${line}" y1="52" x2="${line}" y2="${y}" stroke="#5277c3" stroke-dasharray="3 3"/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

function text(x: number, y: number, content: string, anchor: "start" | "end"): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${content}</text>`;
}
