import { expect, test } from "vitest";
import { systemCallHelp } from "../../../../src/report/messages/system-call-help.ts";

test("what may not be copied has to be readable, what may not be written writable", () => {
  expect([systemCallHelp("EACCES", "copy"), systemCallHelp("EACCES", "open")]).toEqual([
    "make the file readable, and the directory of its copy writable, for this user",
    "make the file and its directory writable for this user",
  ]);
});
