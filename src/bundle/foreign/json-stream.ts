/** Deeper than any object of Kubernetes; what is deeper is left out, so that nothing that walks it overflows. */
export const deepest = 100

/** Items of one list, and documents of one file; the pods of the largest clusters are fewer. */
export const mostValues = 200_000

export interface JsonStream {
  readonly values: readonly unknown[]
  /** Values that begin and do not end, are too deep, or are no JSON. */
  readonly broken: number
}
/** What is kept of one item of a list; the list of all pods is large, and few of them are wanted. */
export type Shrink = (item: unknown) => unknown

const logStart = /^==== START logs for container /

/**
 * JSON values one after another, each from the beginning of a line, with whatever else stands between them: what `kubectl cluster-info dump` prints. Its sections
 * of logs are skipped whole, up to the line that ends that very container's, so that a line of a log that looks like an object is none. Linear in the text.
 */
export function jsonStream(text: string, shrink: Shrink): JsonStream {
  const values: unknown[] = []
  let broken = 0
  for (let at = 0; at < text.length; ) {
    if (values.length + broken >= mostValues) return {values, broken: broken + 1}
    const first = text[at]
    if (first === '{' || first === '[') {
      const extent = extentOf(text, at)
      const value = extent && valueIn(text, at, extent, shrink)
      if (value === undefined) broken++
      else values.push(value)
      if (!extent) break
      at = extent.end
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

/** Where a value ends, and, of a list, where each of its items stands. */
interface Extent {
  end: number
  /** After the opening bracket of `items`, and at its closing one. */
  itemsFrom?: number
  itemsTo?: number
  readonly items: [from: number, to: number][]
}

/** undefined where the value does not end, or is too deep. */
function extentOf(text: string, from: number): Extent | undefined {
  const extent: Extent = {end: from, items: []}
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign === 0x22) at = endOfString(text, at)
    else if (sign === 0x7b || sign === 0x5b) {
      if (++depth > deepest) return undefined
      opened(text, at, depth, extent)
    } else if (sign === 0x7d || sign === 0x5d) {
      if (depth === 3 && isInItems(extent)) extent.items.at(-1)![1] = at + 1
      if (depth === 2 && isInItems(extent)) extent.itemsTo = at
      if (--depth === 0) return {...extent, end: at + 1}
    }
  }
  return undefined
}

const isInItems = ({itemsFrom, itemsTo}: Extent) => itemsFrom !== undefined && itemsTo === undefined

function opened(text: string, at: number, depth: number, extent: Extent): void {
  if (depth === 2 && extent.itemsFrom === undefined && text[at] === '[' && /"items"\s*:\s*$/.test(text.slice(Math.max(0, at - 40), at)))
    extent.itemsFrom = at + 1
  else if (depth === 3 && isInItems(extent) && extent.items.length <= mostValues) extent.items.push([at, at])
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign === 0x5c) at++
    else if (sign === 0x22) return at
  }
  return text.length
}

/** A list item by item, so that memory never holds all of them whole. */
function valueIn(text: string, from: number, {end, itemsFrom, itemsTo, items}: Extent, shrink: Shrink): unknown {
  if (itemsFrom === undefined || itemsTo === undefined || items.length === 0) return parsed(text.slice(from, end))
  const list = parsed(`${text.slice(from, itemsFrom)}${text.slice(itemsTo, end)}`)
  if (typeof list !== 'object' || list === null || items.length > mostValues) return undefined
  const read: unknown[] = []
  for (const [start, stop] of items) {
    const item = parsed(text.slice(start, stop))
    if (item === undefined) return undefined
    read.push(shrink(item))
  }
  return {...list, items: read}
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
