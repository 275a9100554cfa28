import {penFor, type Screen} from '../reporters/screen.ts'
import type {Redacted} from './bundle-redact.ts'
import {bytesText} from './bundle-words.ts'

/** What `bundle redact` and `bundle collect --anonymize` say of the names. */
export function redactedPage({file, size, names, replaced}: Redacted, screen: Screen): string {
  const pen = penFor(screen)
  return pen.page([
    `Wrote ${pen.safe(file)}`,
    `  ${bytesText(size)}; ${replacedText(replaced)}`,
    `  the way back, for you alone: ${pen.safe(names)}`,
    `Next  calico-doctor check --bundle ${pen.command(file)}`,
  ])
}

/** `replaced 12 nodes, 3 namespaces; searched, and nothing of them is left`. */
export function replacedText(replaced: Redacted['replaced']): string {
  const counts = [...replaced].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : kind.endsWith('s') ? 'es' : 's'}`)
  return counts.length === 0 ? 'there was nothing to replace' : `replaced ${counts.join(', ')}; searched, and nothing of them is left`
}
