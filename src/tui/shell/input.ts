import {endedKeys, type Key, keysOf} from '../keys.ts'

/** What a terminal's input needs to be; tests give a stream of their own. */
export type Input = NodeJS.ReadableStream & {setRawMode?: (raw: boolean) => unknown; ref?: () => unknown; unref?: () => unknown}
export interface Keyboard {
  /** Each key comes at once, Ctrl-C and Ctrl-Z too. */
  raw(): void
  /** As the shell had it. */
  cooked(): void
  close(): void
}

/** The rest of a sequence that the network tore apart comes well within this time; what does not is the Escape key. */
const escapeMs = 40

/** `onGone`: nobody can press a key any more, for the terminal is closed. */
export function openKeyboard(input: Input, onKeys: (keys: readonly Key[]) => void, onGone: () => void): Keyboard {
  let rest = ''
  let timer: NodeJS.Timeout | undefined
  const onData = (chunk: string | Buffer) => {
    clearTimeout(timer)
    const read = keysOf(rest + String(chunk))
    rest = read.rest
    if (rest !== '') timer = setTimeout(ended, escapeMs)
    if (read.keys.length > 0) onKeys(read.keys)
  }
  const ended = () => {
    const keys = endedKeys(rest)
    rest = ''
    onKeys(keys)
  }
  input.setEncoding('utf8')
  input.on('data', onData).on('end', onGone).on('error', onGone)
  return {
    raw: () => {
      input.setRawMode?.(true)
      input.ref?.()
      input.resume()
    },
    cooked: () => void input.setRawMode?.(false),
    close: () => {
      clearTimeout(timer)
      input.off('data', onData).off('end', onGone)
      input.setRawMode?.(false)
      input.pause()
      input.unref?.()
    },
  }
}
