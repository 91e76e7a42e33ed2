import { expect, test } from "vitest";
import { encodeLaunch } from "../../../../src/commands/bundle/launcher.ts";
import { encodeExecutable } from "../../../../src/commands/bundle/static-executable.ts";
import { PF_R, PF_X, PT_LOAD } from "../../../../src/elf/constants.ts";
import { parseElf } from "../../../../src/elf/parse-elf.ts";
import { bufferSource } from "../../../../src/elf/source.ts";
import { architectures } from "../../../../src/patch/architecture/architectures.ts";

test("the items of a launcher are variables, arguments, the script and, last, the program", () => {
  const items = encodeLaunch({
    program: "../root/bin/sh",
    firstArguments: { name: "/bin/sh", arguments: ["-e"], script: "../root/x" },
    variables: [{ name: "GCONV_PATH", path: "../root/gconv" }],
  });
  expect(items.toString()).toBe(
    ["vGCONV_PATH=", "../root/gconv", "a/bin/sh", "a-e", "f../root/x", "p../root/bin/sh", "", ""].join("\0"),
  );
});

test.each(architectures)("a static executable of $name is mapped whole, and begins with its code", (architecture) => {
  const like = { ...architecture, flags: 5, osAbi: 0 };
  const [code, items] = [Uint8Array.from([1, 2, 3, 4]), Uint8Array.from([5, 0])];
  const file = encodeExecutable(like as unknown as Parameters<typeof encodeExecutable>[0], code, items);
  const elf = parseElf(bufferSource(file));
  const { machine, elfClass, byteOrder } = architecture;
  expect(elf.header).toMatchObject({ machine, elfClass, byteOrder, flags: 5, entry: 1024n });
  const loads = elf.programHeaders.filter(({ type }) => type === PT_LOAD);
  expect(loads).toMatchObject([{ offset: 0, virtualAddress: 0n, fileSize: file.length, flags: PF_R | PF_X }]);
  expect([...file.subarray(1024)]).toEqual([1, 2, 3, 4, 5, 0]);
});
