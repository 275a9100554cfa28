import type {Harvest} from './anonymize-harvest.ts'
import type {Kind, Pseudonyms} from './anonymize-pseudonyms.ts'
import {type AnonymizeText, textAnonymizer} from './anonymize-text.ts'
import {anonymousName} from './anonymize-word.ts'
import {addressPseudonyms} from './pseudonym-address.ts'
import {domainPseudonyms, isKeptDomain} from './pseudonym-domains.ts'
import {hashesOf, hostnameHashes, vethHash} from './pseudonym-hashes.ts'
import {vxlanMacs} from './pseudonym-mac.ts'
import {namePseudonyms, type Pseudonym} from './pseudonym-names.ts'

/** One original, what it became, and what it is. */
export interface Replaced {
  readonly kind: Kind
  readonly pseudonym: string
}
/** One bundle's pseudonyms: the same text becomes the same everywhere. */
export interface Anonymizer {
  readonly text: AnonymizeText
  /** Of what is known to be a name, though it look like a word. */
  readonly name: (name: string) => string
  readonly pseudonymOf: (name: string) => Pseudonym | undefined
  /** What was replaced so far. */
  readonly replaced: ReadonlyMap<string, Replaced>
}

/** `key`: at least 16 random bytes, of this bundle alone and kept nowhere. */
export function anonymizer({names, speakers, blockSizes}: Harvest, key: Uint8Array): Anonymizer {
  const domains = domainPseudonyms()
  const all = namePseudonyms(names, rest => (rest === '' ? '' : `.${domains.of(rest.slice(1))}`))
  const nodes = [...names.nodes, ...names.aliases.keys()].map(node => [node, all.get(node)?.name ?? node] as const)
  const macs = new Map(nodes.flatMap(([node, pseudonym]) => pairs(vxlanMacs(node), vxlanMacs(pseudonym))))
  const replaced = new Map<string, Replaced>()
  const pseudonyms: Pseudonyms = {
    names: all,
    addresses: addressPseudonyms({key, speakers: [...speakers], blockSizes, macs}),
    domains,
    seenDomains: seenDomains([...names.nodes, ...names.aliases.keys(), ...names.hosts]),
    hashes: hashesOf(
      key,
      new Map([...nodes.flatMap(([node, pseudonym]) => pairs(hostnameHashes(node), hostnameHashes(pseudonym))), ...veths(names.pods, all)]),
    ),
    onUse: (kind, original, pseudonym) => replaced.set(original, {kind, pseudonym}),
  }
  return {
    text: textAnonymizer(pseudonyms),
    name: name => anonymousName(name, pseudonyms),
    pseudonymOf: name => all.get(name),
    replaced,
  }
}

const pairs = (from: readonly string[], to: readonly string[]): [string, string][] => from.map((text, index) => [text, to[index]!])

/** Hashes in the names of pods' interfaces. */
function veths(pods: ReadonlySet<string>, all: ReadonlyMap<string, Pseudonym>): [string, string][] {
  const named = (name: string) => all.get(name)?.name ?? name
  return [...pods].map(pod => {
    const [namespace = '', name = ''] = pod.split('/')
    return [vethHash(namespace, name), vethHash(named(namespace), named(name))]
  })
}

/** `acme.com` and `prod.acme.com` of `a.prod.acme.com`: whatever is below them is a host of theirs. */
function seenDomains(hosts: readonly string[]): Set<string> {
  const domains = new Set<string>()
  for (const host of hosts) {
    const labels = host.toLowerCase().split('.')
    if (isKeptDomain(host)) continue
    for (let from = 1; from < labels.length - 1; from++) domains.add(labels.slice(from).join('.'))
    if (labels.length === 2) domains.add(labels.join('.'))
  }
  return domains
}
