import {type Pen, penFor, type Screen} from '../reporters/screen.ts'
import type {Redacted} from './bundle-redact-write.ts'
import {bytesText} from './bundle-words.ts'

/** What `bundle redact` says when it is done. */
export function redactedPage(redacted: Redacted, screen: Screen): string {
  const pen = penFor(screen)
  const {file, size, files, inflated} = redacted
  return pen.page([
    `Wrote ${pen.safe(file)}`,
    `  ${bytesText(size)} (${bytesText(inflated)} before compression), ${files} files`,
    ...redactedLines(redacted, pen),
    `Next  calico-doctor check --bundle ${pen.command(file)}`,
  ])
}

/** What was replaced, and where the way back is. */
export function redactedLines({names, replaced}: Pick<Redacted, 'names' | 'replaced'>, pen: Pen): string[] {
  const counts = [...replaced].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : kind.endsWith('s') ? 'es' : 's'}`)
  if (counts.length === 0) return ['  there was nothing to replace']
  return [
    ...pen.lines(`replaced ${counts.join(', ')}; searched, and nothing of them is left`, '  ', 2),
    ...pen.lines(`the way back, for you alone: ${pen.safe(names)}`, '  ', 2),
  ]
}
