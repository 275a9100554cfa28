import {isNodeStatus} from './node-status-text.ts'
import type {TextKind} from './node-texts.ts'

/** Longer than any output of these commands that a person saves. */
export const largestText = 8 * 1024 ** 2

/** What a saved output is, by its content; undefined for anything else. `path` may tell which of two daemons was asked. */
export function textKindOf(path: string, text: string): TextKind | undefined {
  if (/^\s*\[\s*\{\s*"ifindex"\s*:/.test(text)) return 'ip-json'
  if (/^\d{1,9}: \S{1,100}: <[A-Z0-9_,-]{0,300}> mtu \d/m.test(text)) return 'ip'
  if (isNodeStatus(text)) return 'node-status'
  const bird =
    /^(?:0001 )?BIRD \S{1,60} ready\.|^name\s{1,40}proto\s{1,40}table\s{1,40}state/im.test(text) || text.includes('Unable to connect to server control socket')
  return bird ? (isIpv6(path, text) ? 'bird-v6' : 'bird-v4') : undefined
}

/** Names of sessions have the peer's address in them, dots and colons as underscores. */
function isIpv6(path: string, text: string): boolean {
  const [, peer] = /^(?:Mesh|Node|Global)_([0-9A-Fa-f_]{2,60})/m.exec(text) ?? []
  if (peer !== undefined) return !/^\d{1,3}(?:_\d{1,3}){3}(?:_|$)/.test(peer)
  return /bird6|birdcl6|bird[-_.]?v6|ipv6/i.test(path) || text.includes('bird6.ctl')
}

/** Which node a saved output is of: the one that the path names, or the only one there is. `known`: all nodes, where there is a list of them. */
export function nodeIn(path: string, known: readonly string[]): string | undefined {
  const [, folder] = /(?:^|\/)nodes\/([^/]+)\//.exec(path) ?? []
  if (folder !== undefined) return folder
  const parts = path.split('/')
  const stem = parts.at(-1)!.replace(/\.[A-Za-z]{1,5}$/, '')
  const named = known.filter(
    name =>
      parts.includes(name) ||
      stem === name ||
      stem.endsWith(`-${name}`) ||
      stem.endsWith(`_${name}`) ||
      stem.startsWith(`${name}-`) ||
      stem.startsWith(`${name}_`),
  )
  // worker-1 is no part of worker-11, and `a` of `a-b` gives way to it.
  const [longest] = named.sort((a, b) => b.length - a.length)
  if (known.length > 0) return longest ?? (known.length === 1 ? known[0] : undefined)
  // Without any list, by what it was saved under.
  return (parts.at(-2) ?? stem).slice(0, 253) || undefined
}
