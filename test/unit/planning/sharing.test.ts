import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { carriersOf } from "../../../src/planning/carriers.ts";
import type { EligibleFile } from "../../../src/planning/examine.ts";
import { type PlannedFile, planEligible } from "../../../src/planning/plan-executable.ts";
import { planLibrary } from "../../../src/planning/plan-library.ts";
import { survey } from "../../../src/planning/survey.ts";
import type { WrapRequest } from "../../../src/planning/wrap-request.ts";
import type { Issue } from "../../../src/report/issue.ts";
import { createSmallStore, type SmallStore } from "../../support/simulated/small-store.ts";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";

const packages = Array.from({ length: 12 }, (_, number) => `tree/package-${number}`);

let store: SmallStore;
beforeAll(() => {
  store = createSmallStore();
  for (const [number, one] of packages.entries()) fillPackage(one, number);
});
afterAll(() => store.remove());

/** Executables alike but for what they want of glibc, libraries that lack something, plug-ins, and names found twice. */
function fillPackage(one: string, number: number): void {
  const next = (number + 1) % packages.length;
  const wanting = (name: string) => ({ versionNeeds: [{ file: "libc.so.6", versions: [{ name }] }] });
  store.library(`${one}/lib/lib${number}.so`, { needed: ["libc.so.6", "libshared.so", `lib${next}.so`] });
  store.library(`${one}/lib/libshared.so`, { needed: ["libm.so.6"], runpath: number % 2 === 0 ? "$ORIGIN" : "/none" });
  store.library(`${one}/plugins/plug-in.so`, {
    needed: [`lib${next}.so`, `libabsent-${number % 4}.so`, "libgcc_s.so.1"],
  });
  store.library(`${one}/plugins/own.so`, { needed: [`lib${number}.so`], runpath: "$ORIGIN/../lib" });
  store.library(`${one}/plugins/lost.so`, { needed: [`lib${next}.so`], runpath: "$ORIGIN" });
  const needed = ["libc.so.6", `lib${number}.so`, "libgone.so"];
  for (const name of ["a", "b"]) store.executable(`${one}/bin/${name}`, { needed });
  store.executable(`${one}/bin/old`, { needed, ...wanting("GLIBC_2.34") });
  store.executable(`${one}/bin/new`, { needed, ...wanting("GLIBC_2.99") });
  store.executable(`${one}/bin/path`, { needed, runpath: "$ORIGIN/../lib" });
  store.executable(`${one}/libexec/other`, {
    needed: ["libshared.so", "libc.so.6"],
    ...(number % 3 && { rpath: "$ORIGIN" }),
  });
}

function requestOf(changes: Partial<WrapRequest>): WrapRequest {
  const interpreters = [store.at("glibc/lib/ld-linux-x86-64.so.2")];
  return wrapRequestOf([store.at("tree")], { interpreters, ignoreMissing: ["libgone.so"], ...changes });
}

/** The plans of those executables that `chooses` lets through, and of all libraries before them. */
function plansOf(request: WrapRequest, chooses: (path: string) => boolean = () => true, isForgetful = false) {
  const { examined, surroundings } = survey(request, { asOriginals: true });
  if (isForgetful)
    for (const file of examined) if (file.kind === "eligible" || file.kind === "library") file.file.forget();
  const carriers = carriersOf(examined, surroundings);
  for (const file of examined) if (file.kind === "library") planLibrary(file, carriers, surroundings);
  const chosen = examined.filter((file): file is EligibleFile => file.kind === "eligible");
  return new Map(
    chosen.flatMap((file) => {
      const { path } = file.candidate;
      return chooses(path) ? [[path, withoutPlugIns(planEligible(file, surroundings))] as const] : [];
    }),
  );
}

/** What plug-ins lack is told to the first executable that may open them, whichever that is. */
function withoutPlugIns(planned: PlannedFile) {
  const isOwn = (issue: Issue) => issue.kind !== "missing-library" || issue.severity !== "warning";
  const issues = planned.issues.filter(isOwn);
  if (planned.kind === "settled") return { ...planned, issues };
  return { ...planned, issues, resolution: { ...planned.resolution, plugInIssues: [] } };
}

describe.each<[string, Partial<WrapRequest>]>([
  ["as they are", {}],
  ["pinned", { pin: "always", ignoreMissing: ["libgone.so", "libc.so.6:GLIBC_2.99"] }],
  ["in place where there is room", { form: "auto", libraries: "in-place" }],
  ["that may be moved", { relocatable: true }],
])("executables of a tree, %s,", (_, changes) => {
  test("get the plans that each gets alone, with nothing that another has worked out", () => {
    const request = requestOf(changes);
    const together = plansOf(request);
    expect(together.size).toBe(6 * packages.length);
    expect([...together.values()].filter(({ kind }) => kind !== "settled").length).toBeGreaterThan(packages.length);
    for (const [path, plan] of together) {
      // A sample of them: each costs a look at the whole tree.
      if (!path.includes("package-5/")) continue;
      expect(plansOf(request, (one) => one === path).get(path)).toEqual(plan);
    }
  });

  test("get the same plans where nothing is kept of what was read", () => {
    const request = requestOf(changes);
    expect(plansOf(request, undefined, true)).toEqual(plansOf(request));
  });
});
