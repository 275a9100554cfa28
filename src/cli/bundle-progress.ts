import type {EvidenceProgress} from '../evidence/run.ts'
import {bytesText, durationText} from './bundle-words.ts'

/** Below this part of the work nobody can say how long the rest takes. */
const leastPart = 0.03
const pauseMs = 100

/** `Raw evidence 34 of 120, 4.1 MB written, about 20 s left`, on a terminal only. */
export function evidenceLine(quiet: boolean, written: () => number): {onProgress: (progress: EvidenceProgress) => void; clear: () => void} {
  if (quiet || !process.stderr.isTTY) return {onProgress: () => {}, clear: () => {}}
  const started = performance.now()
  let shown = 0
  const onProgress = ({done, wanted, part}: EvidenceProgress) => {
    const now = performance.now()
    if (now - shown < pauseMs) return
    shown = now
    const left = part < leastPart ? '' : `, about ${durationText(((now - started) / part) * (1 - part))} left`
    process.stderr.write(`\r\x1b[KRaw evidence ${done} of ${wanted}, ${bytesText(written())} written${left}`)
  }
  return {onProgress, clear: () => void process.stderr.write('\r\x1b[K')}
}
