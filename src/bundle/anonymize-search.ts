import type {Replaced} from './anonymize.ts'
import {saidBefore} from './anonymize-fields.ts'
import type {Kind} from './anonymize-pseudonyms.ts'
import {projectDomainAt} from './pseudonym-domains.ts'
import {readV6, writeV6} from './pseudonym-ip.ts'
import {socketAddress} from './pseudonym-kernel.ts'
import type {NameKind} from './pseudonym-names.ts'
import {keptWorkloads, reachOf} from './pseudonym-words.ts'

/** An original value that is still there. */
export interface Leftover {
  readonly kind: Kind
  readonly original: string
}
export type Search = (text: string, where?: SearchWhere) => Leftover | undefined
export interface SearchWhere {
  /** Field whose value the text is. */
  readonly key?: string
  /** Our own sentences, made of what is searched elsewhere: a name of letters alone may be a word of theirs. */
  readonly ourWords?: boolean
}

const namedKinds: ReadonlySet<Kind> = new Set<Kind>(['node', 'namespace', 'workload', 'pod'])

/**
 * Looks for originals in what was written, by other means than those that replaced them: addresses by their digits in any notation, names as parts of
 * anything. An original that is also somebody's pseudonym proves nothing and is not looked for; a name that could be a word counts where a field names it.
 */
export function leftoverSearch(replaced: ReadonlyMap<string, Replaced>): Search {
  const pseudonyms = new Set([...replaced.values()].map(({pseudonym}) => pseudonym.toLowerCase()))
  const looked = new Map([...replaced].filter(([original]) => !pseudonyms.has(original.toLowerCase())))
  const searches = [v4Search(looked), v6Search(looked), socketSearch(looked), macSearch(looked), nameSearch(looked)]
  const plain: Search = (text, where) => {
    for (const search of searches) {
      const found = search(text, where)
      if (found) return found
    }
    return undefined
  }
  return (text, where) => plain(text, where) ?? (text.includes('%') ? plain(decoded(text), where) : undefined) ?? packed(text, plain)
}

const decoded = (text: string) => text.replaceAll(/%([2-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** Texts within texts, in base64. */
function packed(text: string, search: Search): Leftover | undefined {
  for (const [run] of text.matchAll(/[A-Za-z0-9+/]{32,}={0,2}/g)) {
    const inner = Buffer.from(run.slice(0, 65_536), 'base64').toString('latin1')
    const found = /^[\t\n\r -~]{16,}$/.test(inner) ? search(inner) : undefined
    if (found) return found
  }
  return undefined
}

const ofKind = (looked: ReadonlyMap<string, Replaced>, wanted: (kind: Kind) => boolean) => [...looked].filter(([, {kind}]) => wanted(kind))

const quads = /(?<!\d)(\d{1,3})([._-])(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?!\d)/g
function v4Search(looked: ReadonlyMap<string, Replaced>): Search {
  const originals = new Set(ofKind(looked, kind => kind === 'address').flatMap(([text]) => (text.includes(':') ? [] : text)))
  return text => {
    if (originals.size === 0) return undefined
    quads.lastIndex = 0
    for (let found = quads.exec(text); found; found = quads.exec(text)) {
      const [whole, a, sign, b, c, d] = found
      quads.lastIndex = found.index + a!.length
      const original = `${a}.${b}.${c}.${d}`
      // A fifth number makes a version or a date of it.
      const [before, after] = [text.slice(Math.max(0, found.index - 5), found.index), text.slice(found.index + whole.length, found.index + whole.length + 5)]
      const isPart = sign === '.' ? /\d\.$/.test(before) || /^\.\d/.test(after) : /\d{4}-(?:\d\d-)?$/.test(before) || /^[_-]\d{3}/.test(after)
      if (!isPart && originals.has(original)) return {kind: 'address', original}
    }
    return undefined
  }
}

function v6Search(looked: ReadonlyMap<string, Replaced>): Search {
  const originals = new Set(ofKind(looked, kind => kind === 'address').flatMap(([text]) => (text.includes(':') ? [canonical(text) ?? text] : [])))
  return text => {
    if (originals.size === 0) return undefined
    for (const [run] of text.matchAll(/(?<![0-9a-zA-Z])[0-9a-fA-F]{0,4}(?:([:_-])[0-9a-fA-F]{0,4})(?:\1[0-9a-fA-F]{0,4}){1,7}(?![0-9a-zA-Z])/g)) {
      const address = canonical(run.replaceAll(/[_-]/g, ':'))
      if (address !== undefined && originals.has(address)) return {kind: 'address', original: address}
    }
    return undefined
  }
}
function canonical(text: string): string | undefined {
  const bytes = readV6(text)
  return bytes && writeV6(bytes)
}

function socketSearch(looked: ReadonlyMap<string, Replaced>): Search {
  const originals = new Set(ofKind(looked, kind => kind === 'address').map(([text]) => canonical(text) ?? text))
  return text => {
    for (const [socket] of text.matchAll(/(?<!\w)(?:[0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4}(?!\w)/g)) {
      const address = socketAddress(socket)!
      if (originals.has(canonical(address) ?? address)) return {kind: 'address', original: address}
    }
    return undefined
  }
}

function macSearch(looked: ReadonlyMap<string, Replaced>): Search {
  const originals = new Set(ofKind(looked, kind => kind === 'MAC address').map(([text]) => text.toLowerCase().replaceAll('-', ':')))
  return text => {
    if (originals.size === 0) return undefined
    for (const [mac] of text.matchAll(/(?<![0-9a-fA-F])[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}(?![0-9a-fA-F])/g))
      if (originals.has(mac.toLowerCase().replaceAll('-', ':'))) return {kind: 'MAC address', original: mac}
    return undefined
  }
}

/** Letters that a name begins with, by which most places in a text are passed over. */
const headLength = 3

interface Known {
  readonly kind: Kind
  readonly byField: boolean
}

/** Linear: at each beginning of a word the names with the same first letters are looked up by their lengths. */
function nameSearch(looked: ReadonlyMap<string, Replaced>): Search {
  const names = new Map<string, Known>()
  const lengths = new Map<string, number[]>()
  for (const [original, {kind}] of looked) {
    if (kind === 'address' || kind === 'MAC address' || original.length < headLength) continue
    const name = original.toLowerCase()
    names.set(name, {kind, byField: kind !== 'domain' && reachOf(name) === 'fields'})
    const head = name.slice(0, headLength)
    const all = lengths.get(head) ?? []
    lengths.set(head, all.includes(name.length) ? all : [...all, name.length])
  }
  return (text, {key = '', ourWords = false} = {}) => {
    if (names.size === 0) return undefined
    const field = key === '' ? '' : `"${key}":"`
    return nameIn((field + text).toLowerCase(), field.length, original => (ourWords && /^[a-z]+$/.test(original) ? undefined : names.get(original)), lengths)
  }
}

function nameIn(
  text: string,
  from: number,
  knownOf: (original: string) => Known | undefined,
  lengths: ReadonlyMap<string, readonly number[]>,
): Leftover | undefined {
  for (let at = from; at < text.length; at++) {
    if (!isAlphanumeric(text.charCodeAt(at)) || (at > 0 && isAlphanumeric(text.charCodeAt(at - 1)) && !isEscape(text, at))) continue
    for (const length of lengths.get(text.slice(at, at + headLength)) ?? []) {
      const original = text.slice(at, at + length)
      const known = knownOf(original)
      if (known && !isAlphanumeric(text.charCodeAt(at + length)) && counts(text, at, original, known)) return {kind: known.kind, original}
    }
  }
  return undefined
}

/** `\nworker-1`: the letter belongs to the escape. */
const isEscape = (text: string, at: number) => text[at - 2] === '\\' && 'nrtbf'.includes(text[at - 1]!)

function counts(text: string, at: number, original: string, {kind, byField}: Known): boolean {
  if (byField)
    return (
      namedKinds.has(kind) &&
      !/^-?\w/.test(text.slice(at + original.length, at + original.length + 2)) &&
      saidBefore(text.slice(Math.max(0, at - 72), at), original, {kind: kind as NameKind, name: original})
    )
  const [before = ''] = /[\w.:@-]*$/.exec(text.slice(Math.max(0, at - 128), at)) ?? []
  const [after = ''] = /^[\w.:@-]*/.exec(text.slice(at, at + 256)) ?? []
  const run = before + after
  const project = projectDomainAt(run.replace(/[.:_@-]+$/, ''))
  return !(project >= 0 && before.length >= project) && !keptWorkloads.has(run)
}

const isAlphanumeric = (code: number) => (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
