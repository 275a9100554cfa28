import type {Progress} from '../engine/collect.ts'

/** One line on stderr that counts what was seen; nothing at all when stderr is no terminal or `--quiet` was asked. */
export function progressLine(quiet: boolean): {onProgress: (progress: Progress) => void; clear: () => void} {
  if (quiet || !process.stderr.isTTY) return {onProgress: () => {}, clear: () => {}}
  let sources = ''
  let nodes = ''
  const onProgress = (progress: Progress) => {
    if (progress.kind === 'source') sources = `API ${progress.seen}/${progress.wanted}`
    else nodes = `, nodes ${progress.seen}/${progress.wanted}`
    process.stderr.write(`\r\x1b[KLooking: ${sources}${nodes}`)
  }
  return {onProgress, clear: () => void process.stderr.write('\r\x1b[K')}
}
