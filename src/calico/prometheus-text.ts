import {keep} from './keep.ts'

/** One line of a metrics page: `felix_iptables_rules{ip_version="4",table="filter"} 312`. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  /** NaN and the infinities as the page says them. */
  readonly value: number
}
export interface MetricsPage {
  /** By the name that stands in the line, so `x_sum`, `x_count` and `x_bucket` for a summary or a histogram x. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>
  /** Names with a line that could not be read, or with too many: left out whole, for a sum over the rest would be another number. */
  readonly unread: ReadonlySet<string>
}

/** Longest line that is looked at: a kernel's or a cluster's names are far shorter, and what is longer is somebody's joke. */
const longestLine = 65_536
const longestName = 256
const mostLabels = 64
/** A page of kube-controllers has one line for each pool on each node. */
const mostSamples = 50_000

/**
 * Samples of the wanted names in Prometheus' text format 0.0.4. A line that is not ended is left out: its number may be the beginning of another one. What
 * nobody wants costs no more than the search for the end of its line. Never throws.
 */
export function readMetrics(text: string, wanted: ReadonlySet<string>): MetricsPage {
  const samples = new Map<string, Sample[]>()
  const unread = new Set<string>()
  let count = 0
  for (const {name, line} of linesOf(text, wanted)) {
    const sample = count < mostSamples ? readSample(line, name.length) : undefined
    const others = samples.get(name)
    if (!sample) unread.add(name)
    else if (others) others.push(sample)
    else samples.set(name, [sample])
    count++
  }
  for (const name of unread) samples.delete(name)
  return {samples, unread}
}

/** The page without what nobody wants, comments too; still a page. `maxLength` in characters. */
export function wantedLines(text: string, wanted: ReadonlySet<string>, maxLength: number): {readonly page: string; readonly cut: boolean} {
  const lines: string[] = []
  let length = 0
  for (const {line} of linesOf(text, wanted)) {
    length += line.length + 1
    if (length > maxLength) return {page: joined(lines), cut: true}
    lines.push(line)
  }
  return {page: joined(lines), cut: false}
}

const joined = (lines: readonly string[]) => lines.map(line => `${line}\n`).join('')

function* linesOf(text: string, wanted: ReadonlySet<string>): Generator<{name: string; line: string}> {
  for (let start = 0, end = text.indexOf('\n'); end >= 0; start = end + 1, end = text.indexOf('\n', start)) {
    const name = nameAt(text, start, Math.min(end, start + longestName))
    if (name !== '' && wanted.has(name) && end - start <= longestLine) yield {name, line: text.slice(start, end)}
  }
}

const hash = 35
function nameAt(text: string, start: number, end: number): string {
  if (text.charCodeAt(start) === hash) return ''
  let at = start
  while (at < end && isNamePart(text.charCodeAt(at))) at++
  return text.slice(start, at)
}

/** `[a-zA-Z0-9_:]` */
const isNamePart = (code: number) => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 58

/** After the name: labels, a value, and a time in milliseconds that nothing here writes. */
function readSample(line: string, from: number): Sample | undefined {
  const read = readLabels(line, blanksEnd(line, from))
  if (!read) return undefined
  const [value, time, ...more] = line
    .slice(read.end)
    .trim()
    .split(/[ \t]+/, 3)
  const number = readNumber(value ?? '')
  const wrong = number === undefined || more.length > 0 || (time !== undefined && !/^-?\d+$/.test(time))
  return wrong ? undefined : {labels: read.labels, value: number}
}

interface Labels {
  readonly labels: Readonly<Record<string, string>>
  readonly end: number
}
const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=\}))/y

function readLabels(line: string, start: number): Labels | undefined {
  if (line[start] !== '{') return {labels: {}, end: start}
  const pairs: [string, string][] = []
  let at = start + 1
  for (; ; at = label.lastIndex) {
    const close = blanksEnd(line, at)
    if (line[close] === '}') return {labels: Object.fromEntries(pairs), end: close + 1}
    label.lastIndex = at
    const found = label.exec(line)
    if (!found || pairs.length >= mostLabels) return undefined
    pairs.push([keep(found[1]!), keep(unescaped(found[2]!))])
  }
}

function blanksEnd(line: string, start: number): number {
  let at = start
  while (line[at] === ' ' || line[at] === '\t') at++
  return at
}

const unescaped = (text: string) => (text.includes('\\') ? text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)) : text)

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
/** As Go writes floats (strconv.ParseFloat takes them in any case). */
function readNumber(text: string): number | undefined {
  if (decimal.test(text)) return Number(text)
  if (/^[+-]?nan$/i.test(text)) return Number.NaN
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text)
  return infinite ? (infinite[1] === '-' ? -Infinity : Infinity) : undefined
}
