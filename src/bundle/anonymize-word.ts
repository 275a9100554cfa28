import type {AddressPseudonyms} from './pseudonym-address.ts'
import {type DomainPseudonyms, isDomain, isKeptDomain, projectDomainAt} from './pseudonym-domains.ts'
import {type Hashes, hashPseudonym} from './pseudonym-hashes.ts'
import {socketAddress, socketWith} from './pseudonym-kernel.ts'
import type {Pseudonym} from './pseudonym-names.ts'
import {keptWorkloads, reachOf} from './pseudonym-words.ts'

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
/** A word with everything replaced that is somebody's; or, where only a field can tell that it is a name, that name and what stands around it. */
export type Word = string | {readonly lead: string; readonly name: string; readonly trail: string; readonly pseudonym: Pseudonym}

const edge = /^[-.:@_]*|[-.:@_]*$/g

/** A run of letters, digits and `. : _ - @`. `prefix` is what follows after a slash; `host` says that it stands behind `://`. */
export function anonymousWord(run: string, pseudonyms: Pseudonyms, {prefix, host = false}: {prefix?: number | undefined; host?: boolean} = {}): Word {
  const colons = run.includes(':') ? colonForm(run, pseudonyms, prefix) : undefined
  if (colons !== undefined) return colons
  const core = run.replaceAll(edge, '')
  if (core === '') return run
  const lead = run.slice(0, run.indexOf(core))
  const trail = run.slice(lead.length + core.length)
  const named = nameOf(core, pseudonyms)
  if (named && !host && reachOf(core) === 'fields') return {lead, name: core, trail, pseudonym: named}
  return lead + (named ? used(pseudonyms, core, named) : inner(core, pseudonyms, prefix, host)) + trail
}

const nameOf = (text: string, {names}: Pseudonyms) => names.get(text) ?? names.get(text.toLowerCase())

function used({onUse}: Pseudonyms, original: string, {kind, name}: Pseudonym): string {
  if (name !== original) onUse(kind, original, name)
  return name
}

/** MAC and IPv6 addresses, with a colon behind them or without. */
function colonForm(run: string, pseudonyms: Pseudonyms, prefix: number | undefined): string | undefined {
  for (const text of [run, run.replace(/[.:]$/, '')]) {
    const mac = pseudonyms.addresses.mac(text)
    const address = mac ?? pseudonyms.addresses.v6(text, prefix)
    if (address === undefined) continue
    if (address !== text) pseudonyms.onUse(mac === undefined ? 'address' : 'MAC address', text, address)
    return address + run.slice(text.length)
  }
  return kernelForm(run, pseudonyms)
}

function kernelForm(run: string, {addresses, onUse}: Pseudonyms): string | undefined {
  const original = socketAddress(run)
  const address = original === undefined ? undefined : (addresses.v4(original) ?? addresses.v6(original))
  if (original === undefined || address === undefined) return undefined
  if (address !== original) onUse('address', original, address)
  return socketWith(run, address)
}

function inner(core: string, pseudonyms: Pseudonyms, prefix: number | undefined, host: boolean): string {
  if (keptWorkloads.has(core)) return core
  const project = projectDomainAt(core)
  if (project >= 0) return project === 0 ? core : composed(core.slice(0, project), pseudonyms, undefined) + core.slice(project)
  return (
    pseudonyms.addresses.mac(core) ??
    birdName(core, pseudonyms) ??
    reverseDns(core, pseudonyms) ??
    mail(core, pseudonyms) ??
    domainName(core, pseudonyms, host) ??
    workloadEndpoint(core, pseudonyms) ??
    composed(core, pseudonyms, prefix)
  )
}

/** `Mesh_10_0_0_2`, `Node_fd5f__3_port_500` (confd: bgp_processor.go). */
function birdName(core: string, {addresses, onUse}: Pseudonyms): string | undefined {
  const [, type, underscored = '', port = ''] = /^(Mesh|Global|Node|Local_Workload)_([0-9A-Fa-f_]+?)(_port_\d{1,5})?$/.exec(core) ?? []
  if (type === undefined) return undefined
  const [v4, v6] = [underscored.replaceAll('_', '.'), underscored.replaceAll('_', ':')]
  const address = addresses.v4(v4) ?? addresses.v6(v6)
  if (address === undefined) return undefined
  const original = address.includes(':') ? v6 : v4
  if (address !== original) onUse('address', original, address)
  return `${type}_${address.replaceAll(/[.:]/g, '_')}${port}`
}

/** `5.0.0.10.in-addr.arpa`, `5.0.….ip6.arpa`. */
function reverseDns(core: string, {addresses}: Pseudonyms): string | undefined {
  const v4 = /^(\d+\.\d+\.\d+\.\d+)\.in-addr\.arpa$/i.exec(core)?.[1]
  if (v4 !== undefined) return `${addresses.v4(turned(v4, '.'))?.split('.').toReversed().join('.') ?? v4}.in-addr.arpa`
  const nibbles = /^((?:[0-9a-f]\.){31}[0-9a-f])\.ip6\.arpa$/i.exec(core)?.[1]
  if (nibbles === undefined) return undefined
  const address = addresses.v6(
    turned(nibbles, '.')
      .replaceAll('.', '')
      .replaceAll(/(.{4})(?=.)/g, '$1:'),
  )
  return address === undefined ? core : `${[...address.replaceAll(':', '')].toReversed().join('.')}.ip6.arpa`
}
const turned = (text: string, sign: string) => text.split(sign).toReversed().join(sign)

function mail(core: string, pseudonyms: Pseudonyms): string | undefined {
  const at = core.lastIndexOf('@')
  if (at < 1) return undefined
  const [user, domain] = [core.slice(0, at), core.slice(at + 1)]
  if (!isDomain(domain, pseudonyms.seenDomains)) return undefined
  const name = `${pseudonyms.hashes.of('user', user)}@${pseudonyms.domains.of(domain)}`
  pseudonyms.onUse('e-mail address', core, name)
  return name
}

/** A host, with what belongs to a node's name before its domain. */
function domainName(core: string, pseudonyms: Pseudonyms, host: boolean): string | undefined {
  const [, name = '', port = ''] = /^(.*?)(:\d+)?$/.exec(core) ?? []
  if (/^[\d.]+$/.test(name)) return undefined
  const single = host && /^[a-z][\w-]*$/i.test(name) && !keptWorkloads.has(name) && !isKeptDomain(name)
  if (!single && !isDomain(name, pseudonyms.seenDomains)) return undefined
  const labels = name.split('.')
  for (let from = 0; from < labels.length; from++) {
    const known = nameOf(labels.slice(from).join('.'), pseudonyms)
    if (known) return [...labels.slice(0, from), used(pseudonyms, labels.slice(from).join('.'), known)].join('.') + port
  }
  const known = nameOf(labels[0]!, pseudonyms)
  const dashed = /^ip-\d+-\d+-\d+-\d+$/.test(labels[0]!) ? composed(labels[0]!, pseudonyms, undefined) : undefined
  if ((known || dashed !== undefined) && labels.length > 1) return `${known?.name ?? dashed}.${domainOf(labels.slice(1).join('.'), pseudonyms)}${port}`
  return domainOf(name, pseudonyms) + port
}

function domainOf(name: string, {domains, onUse}: Pseudonyms): string {
  const made = domains.of(name)
  if (made !== name) onUse('domain', name, made)
  return made
}

/** `worker--1-k8s-billing--7d9c-eth0`: within a part of a WorkloadEndpoint's name dashes are doubled (libcalico-go: names/workloadendpoint.go). */
function workloadEndpoint(core: string, pseudonyms: Pseudonyms): string | undefined {
  const [, node, pod, rest] = /^(.+)-k8s-(.+)-([^-]+)$/.exec(core) ?? []
  if (node === undefined || pod === undefined) return undefined
  const [first, second] = [node, pod].map(part => anonymousName(part.replaceAll('--', '-'), pseudonyms).replaceAll('-', '--'))
  return `${first}-k8s-${second}-${rest}`
}

/** What a field is known to hold: a name whatever it looks like, else any word. */
export function anonymousName(text: string, pseudonyms: Pseudonyms): string {
  const known = nameOf(text, pseudonyms)
  if (known) return used(pseudonyms, text, known)
  const word = anonymousWord(text, pseudonyms)
  return typeof word === 'string' ? word : word.lead + word.pseudonym.name + word.trail
}

/** Forms in which a name stands that could be a word: what is around it tells. */
const around: readonly RegExp[] = [
  /^((?:ipip|vxlan|vxlan-v6|wireguard|wireguard-v6)-tunnel-addr-)(.+)()$/,
  /^((?:host|node|virtual)[:.])(.+)()$/,
  /^(k(?:ns|sa)\.)([^.]+)(.*)$/,
  /^()(.+)(-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,2})$/,
]

/** Names and addresses that are parts of a word. */
function composed(core: string, pseudonyms: Pseudonyms, prefix: number | undefined): string {
  for (const form of around) {
    const [, before = '', name = '', after = ''] = form.exec(core) ?? []
    const known = name === '' ? undefined : nameOf(name, pseudonyms)
    if (known) return before + used(pseudonyms, name, known) + (after === '' ? '' : composed(after, pseudonyms, undefined))
  }
  let out = ''
  for (let at = 0; at < core.length; ) {
    if (isSign(core.charCodeAt(at))) {
      out += core[at++]
      continue
    }
    const part = addressAt(core, at, pseudonyms, prefix) ?? nameAt(core, at, pseudonyms) ?? segmentAt(core, at, pseudonyms)
    out += part.image
    at += part.length
  }
  return out
}
const isSign = (code: number) => code === 46 || code === 58 || code === 95 || code === 45 || code === 64

interface Part {
  readonly image: string
  readonly length: number
}
const v4At = /(\d{1,3})([._-])(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?:([_-])(\d{1,2})(?![\d]))?(?!\d)/y
const v6At = /([0-9a-f]{1,4}(?:-[0-9a-f]{0,4}){2,8}?)(?:-(\d{1,3}))?$/y

function addressAt(core: string, at: number, pseudonyms: Pseudonyms, prefix: number | undefined): Part | undefined {
  const code = core.charCodeAt(at)
  if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return undefined
  return v4Part(core, at, pseudonyms, prefix) ?? (core.includes('-', at) ? v6Part(core, at, pseudonyms) : undefined)
}

function v4Part(core: string, at: number, {addresses, onUse}: Pseudonyms, prefix: number | undefined): Part | undefined {
  v4At.lastIndex = at
  const [whole, a, sign, b, c, d, again, size] = v4At.exec(core) ?? []
  if (whole === undefined || sign === undefined) return undefined
  const own = whole.length - (size === undefined ? 0 : size.length + 1)
  const sized = size !== undefined && again === sign && Number(size) <= 32
  const length = sized ? whole.length : own
  // A fifth number makes a version or a date of it.
  if (
    new RegExp(`^\\${sign}\\d`).test(core.slice(at + length)) ||
    (sign === '.' && /\d\.$/.test(core.slice(0, at))) ||
    /\d{4}-(?:\d\d-)?$/.test(core.slice(0, at))
  )
    return undefined
  const original = `${a}.${b}.${c}.${d}`
  const bits = sized ? Number(size) : at + own === core.length ? prefix : undefined
  const address = addresses.v4(original, bits)
  if (address === undefined) return undefined
  if (address !== original) onUse('address', original, address)
  return {image: address.replaceAll('.', sign) + (sized ? sign + size : ''), length}
}

/** Names of IPv6 blocks: `fd85-ee78-d8a6-8607--1-3240-122`. */
function v6Part(core: string, at: number, {addresses, onUse}: Pseudonyms): Part | undefined {
  v6At.lastIndex = at
  const [whole, dashed, size] = v6At.exec(core) ?? []
  if (whole === undefined || dashed === undefined) return undefined
  const sized = size !== undefined && Number(size) <= 128 ? Number(size) : undefined
  for (const [text, bits] of [...(sized === undefined ? [] : [[dashed, sized] as const]), [whole, undefined] as const]) {
    const original = text.replaceAll('-', ':')
    const address = addresses.v6(original, bits)
    if (address === undefined) continue
    if (address !== original) onUse('address', original, address)
    return {image: address.replaceAll(':', '-') + (bits === undefined ? '' : `-${bits}`), length: whole.length}
  }
  return undefined
}

/** So many parts a name in a longer word may have. */
const mostParts = 12

function nameAt(core: string, at: number, pseudonyms: Pseudonyms): Part | undefined {
  const ends: number[] = []
  for (let end = at + 1; end < core.length && ends.length < mostParts; end++) if (isSign(core.charCodeAt(end))) ends.push(end)
  if (ends.length < mostParts) ends.push(core.length)
  for (const end of ends.toReversed()) {
    const text = core.slice(at, end)
    const known = nameOf(text, pseudonyms)
    if (known && reachOf(text) === 'anywhere') return {image: used(pseudonyms, text, known), length: text.length}
  }
  return undefined
}

function segmentAt(core: string, at: number, {hashes, onUse}: Pseudonyms): Part {
  let end = at + 1
  while (end < core.length && !isSign(core.charCodeAt(end))) end++
  const text = core.slice(at, end)
  const image = core.slice(Math.max(0, at - 7), at) === 'sha256:' ? text : hashPseudonym(text, hashes)
  if (image !== text) onUse('identifier', text, image)
  return {image, length: text.length}
}
