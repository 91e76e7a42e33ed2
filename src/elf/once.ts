// Computing a thing at most once.

/** A function that calls `compute` at the first call and keeps its result; one that throws is asked again. */
export function once<T>(compute: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}
