/** Deeper than any object of Kubernetes; what is deeper is left out, so that nothing that walks it overflows. */
export const deepest = 100

export interface JsonStream {
  readonly values: readonly unknown[]
  /** Values that begin and do not end, are too deep, or are no JSON. */
  readonly broken: number
}

const logStart = /^==== START logs for container /

/**
 * JSON values one after another, each from the beginning of a line, with whatever else stands between them: what `kubectl cluster-info dump` prints. Its sections
 * of logs are skipped whole, up to the line that ends that very container's, so that a line of a log that looks like an object is none. Linear in the text.
 */
export function jsonStream(text: string): JsonStream {
  const values: unknown[] = []
  let broken = 0
  for (let at = 0; at < text.length; ) {
    const first = text[at]
    if (first === '{' || first === '[') {
      const end = endOfValue(text, at)
      const value = end === undefined ? undefined : parsed(text.slice(at, end))
      if (value === undefined) broken++
      else values.push(value)
      if (end === undefined) break
      at = end
      while (at < text.length && /\s/.test(text[at]!)) at++
    } else at = afterLine(text, at)
  }
  return {values, broken}
}

/** The beginning of the next line, or of the line after this section of logs. */
function afterLine(text: string, at: number): number {
  const line = lineAt(text, at)
  const next = at + line.length + 1
  if (!logStart.test(line)) return next
  const end = text.indexOf(`\n${line.replace('==== START', '==== END')}`, at)
  return end < 0 ? text.length : end + 1 + lineAt(text, end + 1).length + 1
}

function lineAt(text: string, at: number): string {
  const end = text.indexOf('\n', at)
  return text.slice(at, end < 0 ? text.length : end)
}

/** Where the value that begins here ends; undefined when it does not, or is too deep. */
function endOfValue(text: string, from: number): number | undefined {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign === 0x22) at = endOfString(text, at)
    else if (sign === 0x7b || sign === 0x5b) {
      if (++depth > deepest) return undefined
    } else if ((sign === 0x7d || sign === 0x5d) && --depth === 0) return at + 1
  }
  return undefined
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign === 0x5c) at++
    else if (sign === 0x22) return at
  }
  return text.length
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
