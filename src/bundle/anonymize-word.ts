import {composed, toldAround} from './anonymize-parts.ts'
import {nameOf, type Pseudonyms, used, usedAddress} from './anonymize-pseudonyms.ts'
import {isDomain, isKeptDomain, projectDomainAt} from './pseudonym-domains.ts'
import {socketAddress, socketWith} from './pseudonym-kernel.ts'
import type {Pseudonym} from './pseudonym-names.ts'
import {keptWorkloads, reachOf} from './pseudonym-words.ts'

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

function kernelForm(run: string, pseudonyms: Pseudonyms): string | undefined {
  const original = socketAddress(run)
  const address = original === undefined ? undefined : (pseudonyms.addresses.v4(original) ?? pseudonyms.addresses.v6(original))
  if (original === undefined || address === undefined) return undefined
  return socketWith(run, usedAddress(pseudonyms, original, address))
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
    betweenColons(core, pseudonyms, prefix) ??
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

/** `host:a.acme.com`, `10.0.0.2:179`, `ip:fd00::2`: each part by itself. */
function betweenColons(core: string, pseudonyms: Pseudonyms, prefix: number | undefined): string | undefined {
  const at = core.indexOf(':')
  if (at < 0) return undefined
  const [, image, digest] = /^(?:(.+)@)?(sha\d{3}:[0-9a-f]{32,128})$/.exec(core) ?? []
  if (digest !== undefined) return image === undefined ? digest : `${part(image, pseudonyms)}@${digest}`
  const told = toldAround(core, pseudonyms)
  if (told !== undefined) return told
  const rest = core.slice(at + 1)
  const address = pseudonyms.addresses.v6(rest, prefix)
  const [left, right] = [part(core.slice(0, at), pseudonyms), address === undefined ? undefined : usedAddress(pseudonyms, rest, address)]
  return `${left}:${right ?? part(rest, pseudonyms, prefix)}`
}

function part(text: string, pseudonyms: Pseudonyms, prefix?: number): string {
  const word = anonymousWord(text, pseudonyms, {prefix})
  return typeof word === 'string' ? word : text
}

/** `worker--1-k8s-billing--7d9c-eth0`: within a part of a WorkloadEndpoint's name dashes are doubled (libcalico-go: names/workloadendpoint.go). */
function workloadEndpoint(core: string, pseudonyms: Pseudonyms): string | undefined {
  const [, node, pod, rest] = /^(.+)-k8s-(.+)-([^-]+)$/.exec(core) ?? []
  if (node === undefined || pod === undefined) return undefined
  const names = [node, pod].map(part => part.replaceAll('--', '-'))
  if (!names.some(name => nameOf(name, pseudonyms))) return undefined
  const [first, second] = names.map(name => ofEndpoint(name, pseudonyms).replaceAll('-', '--'))
  return `${first}-k8s-${second}-${rest}`
}

function ofEndpoint(name: string, pseudonyms: Pseudonyms): string {
  const known = nameOf(name, pseudonyms)
  return known ? used(pseudonyms, name, known) : composed(name, pseudonyms, undefined)
}

/** What a field is known to hold: a name whatever it looks like, else any word. */
export function anonymousName(text: string, pseudonyms: Pseudonyms): string {
  const known = nameOf(text, pseudonyms)
  if (known) return used(pseudonyms, text, known)
  const word = anonymousWord(text, pseudonyms)
  return typeof word === 'string' ? word : word.lead + word.pseudonym.name + word.trail
}
