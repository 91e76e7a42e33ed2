// Counts the bytes of buffers that are made: to be installed before anything else runs, in a thread of its own.

let bytes = 0;

/** Bytes of all buffers made since the last call. */
export function takeAllocated(): number {
  const taken = bytes;
  bytes = 0;
  return taken;
}

/** Sizes are counted before the buffer is made, so that one that cannot be made counts too. */
function counted<Make extends (...args: never[]) => Uint8Array>(make: Make): Make {
  return new Proxy(make, {
    apply(target, self, args) {
      const [first] = args as readonly unknown[];
      if (typeof first === "number") bytes += first;
      const made = Reflect.apply(target, self, args) as Uint8Array;
      if (typeof first !== "number") bytes += made.byteLength;
      return made;
    },
  });
}

/** Replaces the ways to make a buffer by ones that count. */
export function countAllocations(): void {
  globalThis.Uint8Array = new Proxy(Uint8Array, {
    construct(target, args: readonly unknown[], made) {
      const [first] = args;
      if (typeof first === "number") bytes += first;
      return Reflect.construct(target, args as unknown[], made) as Uint8Array;
    },
  });
  Buffer.alloc = counted(Buffer.alloc);
  Buffer.allocUnsafe = counted(Buffer.allocUnsafe);
  Buffer.concat = counted(Buffer.concat);
  Buffer.from = counted(Buffer.from as (...args: never[]) => Buffer) as typeof Buffer.from;
}
