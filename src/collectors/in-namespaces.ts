import {type Collected, known, unknown} from '../engine/collected.ts'

/** What several namespaces said, as one list: partial as soon as one of them could not be seen, and unknown when none could. */
export async function inNamespaces<T>(namespaces: readonly string[], list: (namespace: string) => Promise<Collected<T[]>>): Promise<Collected<T[]>> {
  const answers = await Promise.all(namespaces.map(async namespace => ({namespace, answer: await list(namespace)})))
  const unseen = answers.flatMap(({namespace, answer}) => (answer.known ? [] : [{namespace, ...answer}]))
  const items = answers.flatMap(({answer}) => (answer.known ? answer.value : []))
  const [first] = unseen
  if (first && unseen.length === answers.length) return unknown(first.why, first.detail)
  const partial = [
    ...unseen.map(({namespace, why}) => `namespace ${namespace}: ${why}`),
    ...answers.flatMap(({answer}) => (answer.known ? (answer.partial ?? []) : [])),
  ]
  return partial.length > 0 ? known(items, partial.join('; ')) : known(items)
}

/** Where upstream manifests and the operator put Calico, for those who may not look everywhere. */
export const usualNamespaces: readonly string[] = ['kube-system', 'calico-system']
