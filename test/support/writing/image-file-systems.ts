// File systems in images, whose power can be cut: a copy of the image is mounted beside what it is a copy of.

/** How an image of it is made and mounted. */
interface ImageFileSystem {
  /** The smallest that mkfs makes, for truncate. */
  readonly size: string;
  /** Nothing is written back by itself as long as a test takes; a copy may be mounted beside what it is a copy of. */
  readonly mountOptions: string;
}

export const imageFileSystems = {
  ext4: { size: "16M", mountOptions: "loop,commit=600" },
  xfs: { size: "300M", mountOptions: "loop,nouuid" },
  // A copy has an identity of its own while it is mounted, since Linux 6.7. Source: Linux fs/btrfs/volumes.c, temp_fsid.
  btrfs: { size: "128M", mountOptions: "loop,commit=300" },
} as const satisfies { readonly [name: string]: ImageFileSystem };

export type FileSystemName = keyof typeof imageFileSystems;

/** A shell's words that mount an image and a copy of it, in a mount namespace, and leave nothing. */
export function mountsImagesOf(name: FileSystemName): string {
  const { size, mountOptions } = imageFileSystems[name];
  return `directory=$(mktemp -d)
trap 'rm -r "$directory"' EXIT
cd "$directory"
mkdir first second
truncate -s ${size} image
mkfs.${name} -q image
cp --sparse=always image copy
unshare --mount sh -euc 'mount -o ${mountOptions} image first && mount -o ${mountOptions} copy second'`;
}
