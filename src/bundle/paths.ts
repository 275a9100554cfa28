import {createHash} from 'node:crypto'

const longest = 100

/**
 * A name as one part of a path: letters, digits, `.`, `_` and `-` stay, every other byte becomes `%xx`. Different names stay different; no result is empty,
 * starts with a dot, or is longer than 100 characters.
 */
export function safePart(name: string): string {
  const encoded = name.replace(/^\.|[^\w.-]/gu, percent) || '%'
  if (encoded.length <= longest) return encoded
  return `${encoded.slice(0, longest - 17)}-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
}
const percent = (character: string) => [...new TextEncoder().encode(character)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')

/** What people look for: the command's name rather than our source's. */
const names: Readonly<Record<string, string>> = {
  'node/bird-v4': 'birdcl-protocols.txt',
  'node/bird-v6': 'birdcl6-protocols.txt',
  'node/bird-details-v4': 'birdcl-protocols-not-established.txt',
  'node/bird-details-v6': 'birdcl6-protocols-not-established.txt',
  'node/bird-wide-v4': 'birdcl-protocols-all.txt',
  'node/bird-wide-v6': 'birdcl6-protocols-all.txt',
  'node/links': 'ip-addr.json',
  'node/mtu-file': 'mtu.txt',
  'node/chassis-tag': 'chassis-asset-tag.txt',
}

/** `nodes/worker-1/birdcl-protocols.txt`; `take` counts from 1, and later ones carry their number. */
export function nodePath(node: string, source: string, take: number): string {
  const name = names[source] ?? `${safePart(source.slice(source.lastIndexOf('/') + 1))}.txt`
  const dot = name.lastIndexOf('.')
  return `nodes/${safePart(node)}/${take === 1 ? name : `${name.slice(0, dot)}-${take}${name.slice(dot)}`}`
}

/** `…/mtu.txt` → `…/mtu.stderr.txt`. */
export const stderrPath = (path: string): string => path.replace(/\.\w+$/, '.stderr.txt')

/** What stands in a file whose command had nothing to print, so that nobody takes it for lost. In brackets and by name, for these words are ours. */
export const nothingPrinted = (source: string, exit: number | undefined): string =>
  `(calico-doctor: nothing was printed${exit === undefined ? '' : `, exit ${exit}`}: ${source.split('\n', 1)[0]!})\n`
