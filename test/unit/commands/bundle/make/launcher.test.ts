import { expect, test } from "vitest";
import { encodeLaunch, here } from "../../../../../src/commands/bundle/make/launcher.ts";
import { encodeExecutable } from "../../../../../src/commands/bundle/make/static-executable.ts";
import { PF_R, PF_X, PT_LOAD } from "../../../../../src/elf/constants.ts";
import { parseElf } from "../../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../../src/elf/source.ts";
import { architectures } from "../../../../../src/patch/architecture/architectures.ts";

test("the items of a launcher are changes of variables, arguments and, last, the program", () => {
  const { count, bytes } = encodeLaunch({
    program: `${here}../root/bin/sh`,
    called: { kind: "given", text: "/bin/sh" },
    before: ["-e"],
    after: ["z"],
    variables: [
      { does: "set-default", name: "GCONV_PATH", value: `${here}x` },
      { does: "prefix", name: "PATH", value: "", separator: ":" },
      { does: "unset", name: "A" },
    ],
  });
  const items = ["vGCONV_PATH=\0\u0001x", "bPATH=\0\0:", "uA=", "a/bin/sh", "a-e", "o", "az", "p\u0001../root/bin/sh"];
  expect(Buffer.from(bytes).toString()).toBe(`${items.join("\0")}\0\0`);
  expect(count).toBe(items.length);
});

test.each(architectures)("a static executable of $name is mapped whole, and begins with its code", (architecture) => {
  const like = { ...architecture, flags: 5, osAbi: 0 };
  const [code, items] = [Uint8Array.from([1, 2, 3, 4]), Uint8Array.from([5, 0])];
  const file = encodeExecutable(like as unknown as Parameters<typeof encodeExecutable>[0], code, {
    count: 1,
    bytes: items,
  });
  const elf = parseElf(bufferSource(file));
  const { machine, elfClass, byteOrder } = architecture;
  expect(elf.header).toMatchObject({ machine, elfClass, byteOrder, flags: 5, entry: 1024n });
  const loads = elf.programHeaders.filter(({ type }) => type === PT_LOAD);
  expect(loads).toMatchObject([{ offset: 0, virtualAddress: 0n, fileSize: file.length, flags: PF_R | PF_X }]);
  expect([...file.subarray(1024)]).toEqual([1, 2, 3, 4, 5, 0]);
});
