import {nameOf, type Pseudonyms, used, usedAddress} from './anonymize-pseudonyms.ts'
import {hashPseudonym} from './pseudonym-hashes.ts'
import {reachOf} from './pseudonym-words.ts'

/** Forms in which a name stands that could be a word: what is around it tells. */
const around: readonly RegExp[] = [
  /^((?:ipip|vxlan|vxlan-v6|wireguard|wireguard-v6)-tunnel-addr-)(.+)()$/,
  /^((?:host|node|virtual)[:.])(.+)()$/,
  /^(k(?:ns|sa)\.)([^.]+)(.*)$/,
  /^()(.+)(-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,2})$/,
]

/** `host:worker`, `kns.web`; undefined when nothing around it tells that it is a name. */
export function toldAround(core: string, pseudonyms: Pseudonyms): string | undefined {
  for (const form of around) {
    const [, before = '', name = '', after = ''] = form.exec(core) ?? []
    const known = name === '' ? undefined : nameOf(name, pseudonyms)
    if (known) return before + used(pseudonyms, name, known) + (after === '' ? '' : composed(after, pseudonyms, undefined))
  }
  return undefined
}

/** Names and addresses that are parts of a word. */
export function composed(core: string, pseudonyms: Pseudonyms, prefix: number | undefined): string {
  const told = toldAround(core, pseudonyms)
  if (told !== undefined) return told
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

function v4Part(core: string, at: number, pseudonyms: Pseudonyms, prefix: number | undefined): Part | undefined {
  v4At.lastIndex = at
  const [whole, a, sign, b, c, d, again, size] = v4At.exec(core) ?? []
  if (whole === undefined || sign === undefined) return undefined
  const own = whole.length - (size === undefined ? 0 : size.length + 1)
  const sized = size !== undefined && again === sign && Number(size) <= 32
  const length = sized ? whole.length : own
  // A fifth number makes a version or a date of it.
  const more = core[at + length] === sign && /\d/.test(core[at + length + 1] ?? '')
  const before = core.slice(Math.max(0, at - 8), at)
  if (more || (sign === '.' && /\d\.$/.test(before)) || /\d{4}-(?:\d\d-)?$/.test(before)) return undefined
  const original = `${a}.${b}.${c}.${d}`
  const bits = sized ? Number(size) : at + own === core.length ? prefix : undefined
  const address = pseudonyms.addresses.v4(original, bits)
  if (address === undefined) return undefined
  return {image: usedAddress(pseudonyms, original, address).replaceAll('.', sign) + (sized ? sign + size : ''), length}
}

/** Names of IPv6 blocks: `fd85-ee78-d8a6-8607--1-3240-122`. */
function v6Part(core: string, at: number, pseudonyms: Pseudonyms): Part | undefined {
  v6At.lastIndex = at
  const [whole, dashed, size] = v6At.exec(core) ?? []
  if (whole === undefined || dashed === undefined) return undefined
  const sized = size !== undefined && Number(size) <= 128 ? Number(size) : undefined
  for (const [text, bits] of [...(sized === undefined ? [] : [[dashed, sized] as const]), [whole, undefined] as const]) {
    const original = text.replaceAll('-', ':')
    const address = pseudonyms.addresses.v6(original, bits)
    if (address === undefined) continue
    return {image: usedAddress(pseudonyms, original, address).replaceAll(':', '-') + (bits === undefined ? '' : `-${bits}`), length: whole.length}
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
  const image = hashPseudonym(text, hashes)
  if (image !== text) onUse('identifier', text, image)
  return {image, length: text.length}
}
