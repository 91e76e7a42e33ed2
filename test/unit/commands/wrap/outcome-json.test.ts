import { expect, test } from "vitest";
import { outcomeToJson, renderJson } from "../../../../src/commands/wrap/outcome-json.ts";
import { reportJsonSchema, reportSchema } from "../../../../src/commands/wrap/outcome-schema.ts";
import { everyIssue, outcomeOf, sampleFacts, wrappedFile } from "./sample-outcome.ts";

const outcome = outcomeOf(
  [
    wrappedFile,
    {
      kind: "already-wrapped",
      path: "/a",
      facts: { ...sampleFacts, loader: { kind: "shared", path: "/l/loader.bin" } },
    },
    { kind: "skipped", path: "/b", reason: "static", detail: "no PT_DYNAMIC" },
    {
      kind: "skipped",
      path: "/e",
      reason: "damaged",
      defect: { kind: "unmapped-address", what: "DT_STRTAB", address: 0xdeadn },
    },
    { kind: "failed", path: "/c" },
    { kind: "unchanged", path: "/d" },
  ],
  everyIssue,
);

test("a report with every kind of file and issue fits the published schema, once printed and read again", () => {
  const printed: unknown = JSON.parse(renderJson(outcome));
  expect(reportSchema.parse(printed)).toEqual(printed);
});

test("a report with a field of another type does not fit the schema", () => {
  const report = { ...outcomeToJson(outcome), dryRun: "no" };
  expect(reportSchema.safeParse(report).success).toBe(false);
});

test("64-bit numbers are hexadecimal strings", () => {
  const [file] = outcomeToJson(outcome).files;
  expect(file).toMatchObject({ facts: { entry: "0x11a0", placement: { savedAddress: "0x11a0" } } });
});

test("every issue carries its severity", () => {
  const { issues } = outcomeToJson(outcome);
  expect(new Set(issues.map(({ severity }) => severity))).toEqual(new Set(["error", "warning", "note"]));
});

test("bytes that are not UTF-8 come back from the printed report", () => {
  const file = { kind: "failed", path: "/\udce9" } as const;
  expect(JSON.parse(renderJson(outcomeOf([file])))).toMatchObject({ files: [file] });
});

test("the JSON schema describes the report as an object with all of its fields", () => {
  expect(reportJsonSchema()).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    required: ["version", "dryRun", "ok", "files", "issues"],
  });
});
