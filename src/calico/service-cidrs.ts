import type {ServiceCidrs} from './cluster.ts'

/** Each CIDR once, with all the places that say it; in the order given. */
export function serviceCidrsOf(said: readonly {readonly cidr: string; readonly source: string}[]): ServiceCidrs['cidrs'] {
  const sources = new Map<string, string[]>()
  for (const {cidr, source} of said) sources.set(cidr, [...(sources.get(cidr) ?? []), source])
  return [...sources].map(([cidr, places]) => ({cidr, source: [...new Set(places)].join(', ')}))
}
