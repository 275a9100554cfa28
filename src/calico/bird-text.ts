/** What was read is not an answer of BIRD's, or not a whole one: unknown, never "no sessions". */
export class BirdFormatError extends Error {
  override readonly name = 'BirdFormatError'
}

/** One line of an answer, without what a terminal, a paste or the control protocol puts around it. */
export interface BirdLine {
  /** Trimmed, at most 4,096 characters. */
  readonly text: string
  /** Four digits of the control protocol (`2002`), of the line or of what it continues; undefined from birdcl, which strips them. */
  readonly code: string | undefined
}

/** BIRD's own rows are under 200 characters; only a message from a peer can be longer, and it is bounded too. */
const longest = 4_096
/** `1002-`, `0000 `, `0000` (bird: nest/cli.c). A continuation line starts with one space instead. */
const replyCode = /^(\d{4})(?:[- ]|$)/
/** Comment signs and prompts that people paste along. */
const pasted = /^[#>$\s]+/

/** The lines of an answer, blank ones left out. Indices instead of split(): no array of a million slices of one text. */
export function* birdLines(text: string): Generator<BirdLine> {
  let code: string | undefined
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const raw = text.slice(start, Math.min(end, start + longest))
    start = end + 1
    const reply = replyCode.exec(raw)
    if (reply) code = reply[1]
    const line = (reply ? raw.slice(reply[0].length) : raw).replace(pasted, '').trimEnd()
    if (line !== '' || reply) yield {text: line, code}
  }
}

/** `BIRD v0.3.3+birdv1.6.8 ready.` */
export const banner = /^BIRD (\S+) ready\.?$/
/** `name proto table state since info` of 1.x, the same words capitalised from 2.0 on (bird: nest/proto.c). */
export const header = /^name\s+proto\s+table\s+state\s+since\s+info$/i

/** A row of `show protocols`. */
export interface BirdRow {
  readonly name: string
  /** `BGP`, `Kernel`, `Device`, `Direct`, `Static`. */
  readonly proto: string
  /** Of the protocol: `up`, `start`, `down`. */
  readonly state: string
  readonly since: string
  /** '' for none. */
  readonly info: string
}
const states = 'down|start|wait|feed|up|stop|flush'
/** A time under 20 h, else the date (nest/proto.c); milliseconds from 2.0 on, both words with `timeformat protocol iso long`, DD-MM-YYYY with `old`. */
const clock = String.raw`\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?`
const date = String.raw`\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4}`
const row = new RegExp(String.raw`^(\S*[^\s:])\s+(\S+)\s+\S+\s+(${states})\s+(${clock}|(?:${date})(?:[ T]${clock})?)(?:\s+(.*))?$`)

/** One row; undefined when the line is none. */
export function readRow(line: string): BirdRow | undefined {
  const found = row.exec(line)
  return found ? {name: found[1]!, proto: found[2]!, state: found[3]!, since: found[4]!, info: found[5] ?? ''} : undefined
}
