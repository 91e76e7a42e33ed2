import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";

const { packages } = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        os: z.array(z.string()).optional(),
        cpu: z.array(z.string()).optional(),
        libc: z.union([z.string(), z.array(z.string())]).optional(),
        optional: z.boolean().optional(),
        resolved: z.string().optional(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")));

test("npm ci works on every platform: what is made for one is optional", () => {
  const forOne = Object.entries(packages).filter(
    ([place, { os, cpu, libc }]) => place !== "" && (os ?? cpu ?? libc) !== undefined,
  );
  expect(forOne.length).toBeGreaterThan(0);
  expect(forOne.filter(([, { optional }]) => optional !== true).map(([place]) => place)).toEqual([]);
});

test("package-lock.json names no registry", () => {
  const addresses = Object.values(packages).flatMap(({ resolved }) => resolved ?? []);
  expect(addresses.filter((address) => address.includes(":"))).toEqual([]);
});
