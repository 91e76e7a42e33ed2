// A damaged shared library at the place of a plug-in that no executable carries: what the commands make of it.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { wrapRequestOf } from "../../support/simulated/wrap-request.ts";
import { complaintInPlace } from "./allowed-in-place.ts";
import { inspectAndReport, unwrapAndReport, verifyAndReport, wrapAndReport } from "./commands.ts";
import type { Random } from "./random.ts";
import { createVisit, type Tree, textOf, type Visit } from "./way-there-and-back.ts";

/** Gives it a run path of its own, and takes that out again. `random` decides how. */
export function visitPlugIn(tree: Tree, before: Uint8Array, random: Random): Visit {
  const visit = createVisit();
  const directory = join(tree.root, "plug-ins");
  const path = join(directory, "addon.so");
  const far = join(tree.root, "far");
  for (const made of [directory, far]) mkdirSync(made, { recursive: true });
  writeFileSync(path, before);
  writeFileSync(join(far, "libfar.so"), tree.seed.libraries["libtwo.so"] ?? "");
  const now = (): Uint8Array => readFileSync(path);
  const asked = { paths: [directory], recurse: true, exclude: [] };
  const request = wrapRequestOf([directory], {
    interpreters: [join(tree.root, "lib", tree.seed.linker)],
    libraryDirectories: [join(tree.root, "lib"), far],
    ignoreMissing: random.oneIn(4) ? [] : ["*"],
    appendRunPath: random.oneIn(2) ? [] : [`/opt/${"long".repeat(random.below(200))}`],
    runPathMode: random.pick(["auto", "runpath", "rpath"]),
    libraries: random.pick(["auto", "in-place"]),
  });
  const outcome = visit.step("patching a plug-in", () => wrapAndReport(request));
  const end = textOf(outcome);
  if (outcome?.ok === true && outcome.files.some(({ kind }) => kind === "in-place")) {
    visit.claim(complaintInPlace(now(), before, false));
    const report = visit.step("verifying it", () =>
      verifyAndReport({ ...asked, ignoreMissing: ["*"], storeDirectory: "/nix/store" }),
    );
    visit.claim(report?.ok === false && `verifying finds ${JSON.stringify(report.issues.map(({ kind }) => kind))}`);
    const again = visit.step("patching it again", () => wrapAndReport(request));
    visit.claim(textOf(again) !== "already-in-place" && `patched again it is ${textOf(again)}`);
  } else {
    visit.claim(!Buffer.from(before).equals(now()) && `${end}, and changed`);
  }
  visit.step("inspecting it", () => inspectAndReport(request));
  const restored = visit.step("restoring it", () => unwrapAndReport({ ...asked, dryRun: false }));
  visit.claim(end === "in-place" && restored?.ok === false && `not restored: ${JSON.stringify(restored.issues)}`);
  visit.claim(!Buffer.from(before).equals(now()) && "restored, it is not the original");
  for (const made of [directory, far]) rmSync(made, { recursive: true });
  return visit.end(`plug-in: ${end}`);
}
