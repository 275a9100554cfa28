import type {AddressPseudonyms} from './pseudonym-address.ts'
import type {DomainPseudonyms} from './pseudonym-domains.ts'
import type {Hashes} from './pseudonym-hashes.ts'
import type {Pseudonym} from './pseudonym-names.ts'

export type Kind = Pseudonym['kind'] | 'address' | 'MAC address' | 'domain' | 'e-mail address' | 'identifier'
export interface Pseudonyms {
  readonly names: ReadonlyMap<string, Pseudonym>
  readonly addresses: AddressPseudonyms
  readonly domains: DomainPseudonyms
  /** Domains that the cluster is known to use. */
  readonly seenDomains: ReadonlySet<string>
  readonly hashes: Hashes
  /** Told of each replacement, once or more often. */
  readonly onUse: (kind: Kind, original: string, pseudonym: string) => void
}
/** The pseudonym of a name, in letters of either case. */
export const nameOf = (text: string, {names}: Pseudonyms): Pseudonym | undefined => names.get(text) ?? names.get(text.toLowerCase())

/** A name's pseudonym, told to who keeps the book of them. */
export function used({onUse}: Pseudonyms, original: string, {kind, name}: Pseudonym): string {
  if (name !== original) onUse(kind, original, name)
  return name
}

/** The same of an address. */
export function usedAddress({onUse}: Pseudonyms, original: string, address: string): string {
  if (address !== original) onUse('address', original, address)
  return address
}
