import {createHash, createHmac} from 'node:crypto'

/** Pseudonyms of what was itself made of names by hashing, or is random. */
export interface Hashes {
  /** Hashes of names, to those of their pseudonyms. */
  readonly known: ReadonlyMap<string, string>
  /** `user-3f2a…`: a word of its own for each text, the same each time. */
  readonly of: (word: string, text: string) => string
  readonly hex: (text: string, length: number) => string
}

export function hashesOf(key: Uint8Array, known: ReadonlyMap<string, string>): Hashes {
  const hex = (text: string, length: number) => createHmac('sha256', key).update(`hash ${text}`).digest('hex').slice(0, length)
  return {known, hex, of: (word, text) => `${word}-${hex(text, 8)}`}
}

/** Interfaces of pods, by the prefixes that Calico and clouds give them. */
const veth = /^(cali|azv|eni|gke|avz|tap)([0-9a-f]{11})$/
const containerId = /^[0-9a-f]{64}$/

/** A part of a word; the same text when it is no such hash. */
export function hashPseudonym(text: string, {known, hex}: Hashes): string {
  const own = known.get(text)
  if (own !== undefined) return own
  const [, prefix, hash] = veth.exec(text) ?? []
  if (prefix !== undefined && hash !== undefined) return prefix + (known.get(hash) ?? hex(hash, 11))
  return containerId.test(text) ? hex(text, 64) : text
}

/** The eleven characters behind `cali` of a pod's interface (libcalico-go: conversion, VethNameForWorkload). */
export const vethHash = (namespace: string, pod: string): string => createHash('sha1').update(`${namespace}.${pod}`).digest('hex').slice(0, 11)

/** Label projectcalico.org/hostname-hash: SHA3-256 in base32 without padding (libcalico-go: hash.go), in the case that labels have it. */
export function hostnameHashes(node: string): readonly string[] {
  const upper = base32(createHash('sha3-256').update(node).digest())
  return [upper, upper.toLowerCase()]
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, byte => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map(five => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}
