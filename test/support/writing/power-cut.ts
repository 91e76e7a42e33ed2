// The power of a file system in an image is cut: the image is copied as it is on the disk then, and the copy mounted.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { temporaryDirectory } from "../temporary-directory.ts";
import type { Capability } from "../vitest/capabilities.ts";
import { type FileSystemName, imageFileSystems } from "./image-file-systems.ts";

/** Without the first nothing else is mounted either. */
export const neededFor: { readonly [Name in FileSystemName]: readonly Capability[] } = {
  ext4: ["loop", "trace"],
  xfs: ["loop", "xfs", "trace"],
  btrfs: ["loop", "btrfs", "trace"],
};

/** What `action` gives on a new file system, mounted, with a tree in it; it is gone afterwards. */
export async function withImage<Result>(
  name: FileSystemName,
  tree: string,
  action: (mounted: string, image: string) => Promise<Result>,
): Promise<Result> {
  const directory = temporaryDirectory();
  const image = join(directory, "image");
  await execa("truncate", ["-s", imageFileSystems[name].size, image]);
  await execa(`mkfs.${name}`, ["-q", image]);
  return mounting(name, image, async (top) => {
    await execa("cp", ["-a", "-T", tree, join(top, "tree")]);
    await execa("sync", ["-f", top]);
    return action(join(top, "tree"), image);
  });
}

async function mounting<Result>(
  name: FileSystemName,
  image: string,
  action: (top: string) => Promise<Result>,
): Promise<Result> {
  const top = join(temporaryDirectory(), "mounted");
  await mkdir(top);
  await execa("mount", ["-o", imageFileSystems[name].mountOptions, image, top]);
  try {
    return await action(top);
  } finally {
    await execa("umount", [top]);
  }
}

/** What a power cut would leave of the image: a tree of this machine. */
export async function afterCut(name: FileSystemName, image: string): Promise<string> {
  const directory = temporaryDirectory();
  const copy = join(directory, "copy");
  await execa("cp", ["--sparse=always", image, copy]);
  const tree = join(directory, "tree");
  await mounting(name, copy, (top) => execa("cp", ["-a", "-T", join(top, "tree"), tree]));
  return tree;
}

/** Somebody else's file is synced: what the file system keeps in order may get to the disk with it. */
export async function syncedElsewhere(tree: string): Promise<void> {
  await execa("sh", ["-c", ': > "$1/../other" && sync "$1/../other"', "sh", tree]);
}
