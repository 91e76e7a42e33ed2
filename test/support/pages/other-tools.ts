// Tools that change executables, and what becomes of a wrapped one: native/README.md's table, which a test measures.

import { fileURLToPath } from "node:url";
import { repository } from "../repository.ts";
import { packagePath } from "../roots/store.ts";

/** What can be seen of a file that was wrapped and then changed by a tool. */
export interface AfterTool {
  readonly starts: boolean;
  /** "fine", a warning, or an error. */
  readonly verify: "fine" | "warning" | "error";
  /** "restored": it starts as before it was wrapped. "refused": an error, and nothing is changed. "none": not wrapped. */
  readonly unwrap: "restored" | "refused" | "none";
}

export interface Tool {
  /** How the table names it. */
  readonly title: string;
  /** Its words, to which the file's path is added. */
  readonly command: readonly [string, ...string[]];
  /** Not a position-independent executable: patchelf lays it out in another way. */
  readonly isFixed?: true;
  /** Whether its result is wrapped in either form, and starts. */
  readonly beforeWrapping: "starts" | "left alone";
  readonly stub: AfterTool;
  readonly inPlace: AfterTool;
}

/** Unpacked by debian-roots.sh, with the C library and the C++ library that they need. */
const tools = fileURLToPath(new URL("build/debian/tools", repository));
const newer = (name: string): readonly [string, ...string[]] => [
  `${tools}/lib64/ld-linux-x86-64.so.2`,
  ...["--library-path", `${tools}/usr/lib/x86_64-linux-gnu`, `${tools}/usr/bin/${name}`],
];

const fine: AfterTool = { starts: true, verify: "fine", unwrap: "restored" };
/** It has taken the bytes of the former interpreter's path. */
const noWayBack: AfterTool = { starts: true, verify: "warning", unwrap: "refused" };
/** It has changed what was written in place, or where a sidecar looks. */
const changed: AfterTool = { starts: true, verify: "error", unwrap: "refused" };
/** What was patched is inside. */
const packed: AfterTool = { starts: true, verify: "error", unwrap: "none" };
const broken: AfterTool = { starts: false, verify: "error", unwrap: "refused" };

const lost = { beforeWrapping: "starts", stub: fine, inPlace: broken } as const;
const harmless = { beforeWrapping: "starts", stub: fine, inPlace: fine } as const;

/** Where the test program's library is. */
export const farDirectory = `${packagePath("elsewhere")}/lib`;
/** Longer than any text that the test program has, and with it all is found. */
const longRunPath = `${farDirectory}:${packagePath("glibc-x86_64")}/lib:/a/third/entry/that/is/nowhere`;

const patchelf = (words: readonly [string, ...string[]], version: string) => {
  const named = (title: string, ...options: readonly string[]) => ({
    title: `patchelf ${version} ${title}`,
    command: [...words, ...options] as const,
  });
  return {
    setRunPath: named("`--set-rpath`", "--set-rpath", longRunPath),
    addNeeded: named("`--add-needed`", "--add-needed", "libm.so.6"),
    setSoname: named("`--set-soname`", "--set-soname", "libother.so.1"),
    setInterpreter: named("`--set-interpreter`", "--set-interpreter", "/opt/another/ld-linux-x86-64.so.2"),
    removeRunPath: named("`--remove-rpath`", "--remove-rpath"),
    shrinkRunPath: named("`--shrink-rpath`", "--shrink-rpath"),
  };
};

const older = patchelf(["patchelf"], "0.14");
const newest = patchelf(newer("patchelf"), "0.18");

function patchelfRows({
  setRunPath,
  addNeeded,
  setSoname,
  setInterpreter,
  removeRunPath,
  shrinkRunPath,
}: typeof older) {
  return [
    { ...setRunPath, beforeWrapping: "starts", stub: noWayBack, inPlace: changed },
    { ...addNeeded, beforeWrapping: "starts", stub: noWayBack, inPlace: broken },
    { ...setSoname, beforeWrapping: "starts", stub: noWayBack, inPlace: broken },
    { ...setInterpreter, beforeWrapping: "starts", stub: noWayBack, inPlace: broken },
    { ...removeRunPath, ...lost },
    { ...shrinkRunPath, ...harmless },
  ] as const;
}

const fixed = ({ title, command }: Pick<Tool, "title" | "command">) =>
  ({ title: `${title}, not a PIE`, command, isFixed: true, beforeWrapping: "starts" }) as const;

export const otherTools: readonly Tool[] = [
  { title: "strip", command: ["strip"], ...lost },
  { title: "objcopy", command: ["objcopy"], ...lost },
  { title: "eu-strip", command: ["eu-strip"], ...lost },
  { title: "eu-strip `--strip-sections`", command: ["eu-strip", "--strip-sections"], ...lost },
  { title: "llvm-strip", command: ["llvm-strip-19"], ...harmless },
  { title: "llvm-objcopy", command: ["llvm-objcopy-19"], ...harmless },
  { title: "llvm-objcopy `--strip-sections`", command: ["llvm-objcopy-19", "--strip-sections"], ...harmless },
  { title: "sstrip", command: newer("sstrip"), ...harmless },
  { title: "chrpath `-r`", command: ["chrpath", "-r", "/x"], beforeWrapping: "starts", stub: fine, inPlace: fine },
  { title: "chrpath `-d`", command: ["chrpath", "-d"], ...lost },
  ...patchelfRows(older),
  ...patchelfRows(newest),
  { ...fixed(older.setRunPath), stub: broken, inPlace: changed },
  { ...fixed(newest.setRunPath), stub: noWayBack, inPlace: changed },
  { title: "upx", command: [...newer("upx-ucl"), "-q"], beforeWrapping: "left alone", stub: changed, inPlace: packed },
];

const starts = (value: boolean): string => (value ? "starts" : "**does not start**");
const verdicts = { fine: "`verify`: fine", warning: "`verify` warns", error: "`verify` fails" } as const;
const ways = { restored: "`unwrap` restores", refused: "`unwrap` refuses", none: "`unwrap`: not wrapped" } as const;
const shown = ({ starts: isStarted, verify, unwrap }: AfterTool): string =>
  [starts(isStarted), verdicts[verify], ways[unwrap]].join(", ");

/** The table's lines, without their end. */
export function otherToolsTable(): string {
  const heading = ["tool", "its result, wrapped", "on an executable with a stub", "on one that is patched in place"];
  const rows = otherTools.map(({ title, beforeWrapping, stub, inPlace }) => [
    title,
    beforeWrapping === "starts" ? "starts" : "left alone, with the reason",
    shown(stub),
    shown(inPlace),
  ]);
  return [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
