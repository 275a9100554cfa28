import {createHash} from 'node:crypto'

/** Everything random-looking in a scenario follows from a name, so that the same scenario is the same bytes every time. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

export function uidOf(text: string): string {
  const hex = digest(`uid ${text}`)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The alphabet of Kubernetes' generated names (apimachinery/pkg/util/rand): no vowels, nothing that looks like another. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
export function suffixOf(text: string, length: number): string {
  const hex = digest(`suffix ${text}`)
  return Array.from({length}, (_, index) => alphabet[Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16) % alphabet.length]).join('')
}

/** A small number that follows from a name, for restart counts and times. */
export const numberOf = (text: string, below: number): number => Number.parseInt(digest(`number ${text}`).slice(0, 8), 16) % below

/** Locally administered, as Felix makes for vxlan.calico. */
export const macOf = (text: string): string => ['66', ...(digest(`mac ${text}`).slice(0, 10).match(/../g) ?? [])].join(':')
/** `cali` and eleven characters of sha1 of `namespace.pod` (libcalico-go conversion). */
export const vethOf = (namespace: string, pod: string): string => `cali${createHash('sha1').update(`${namespace}.${pod}`).digest('hex').slice(0, 11)}`
