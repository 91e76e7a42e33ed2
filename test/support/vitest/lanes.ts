// Several things at a time, without one process for each of them.

/** Two at a time: there are two cores, and what is done is mostly waiting for another process. */
export async function inTwoLanes<Item>(items: readonly Item[], action: (item: Item) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (const item of queue) await action(item);
  };
  await Promise.all([lane(), lane()]);
}
