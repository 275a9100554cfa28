/** `work` on each item, so many at a time; results in the order of the items. */
export async function atMost<T, R>(many: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!)
  }
  await Promise.all(Array.from({length: Math.min(many, items.length)}, worker))
  return results
}
