/** What a path answers instead. */
export type PathAnswer =
  | {readonly status: number; readonly retryAfterSeconds?: number; readonly message?: string}
  /** The connection breaks in the middle of the body. */
  | 'cut'
  | 'bad-json'
  /** Nothing is ever answered. */
  | 'stall'
  /** The right answer, a few bytes at a time. */
  | 'trickle'
  /** 1 GB of lines, as fast as they are read, in place of any answer. */
  | 'flood'

/** What an exec on a node does instead. */
export type ExecAnswer =
  /** Refused before the upgrade: 403, or 500 as when the kubelet cannot be reached. */
  | {readonly status: number; readonly message?: string}
  /** 50 MB from each probe whose command contains `flood`. */
  | {readonly flood: string}
  /** The connection breaks before anything is upgraded. */
  | 'reset'
  /** Upgraded, then nothing, for ever. */
  | 'silence'
  /** Half of the output, then a close without a status. */
  | 'half'
  /** Half of the output, then the connection breaks. */
  | 'drop'
  /** Half of the output, then success: the script was cut off inside a frame. */
  | 'truncated'
  /** 50 MB from the probe that reads interfaces. */
  | 'flood'

interface Counted {
  /** Lets so many through first: `1` spoils the second page. */
  readonly after?: number
  /** Then goes back to normal. */
  readonly times?: number
}
export interface PathFault extends Counted {
  /** How path and query begin, or a pattern found in them. */
  readonly path: string | RegExp
  readonly answer: PathAnswer
}
export interface NodeFault extends Counted {
  /** A name, or a pattern. */
  readonly node: string | RegExp
  readonly exec: ExecAnswer
}
export type Fault = PathFault | NodeFault

/** The faults in force, and how often each was met. */
export class Faults {
  #active: {readonly fault: Fault; met: number}[] = []

  set(faults: readonly Fault[]): void {
    this.#active = faults.map(fault => ({fault, met: 0}))
  }

  onPath(url: string): PathAnswer | undefined {
    for (const one of this.#active) if ('path' in one.fault && matches(one.fault.path, url, url.startsWith.bind(url)) && strikes(one)) return one.fault.answer
    return undefined
  }

  onNode(name: string): ExecAnswer | undefined {
    for (const one of this.#active) if ('node' in one.fault && matches(one.fault.node, name, text => text === name) && strikes(one)) return one.fault.exec
    return undefined
  }
}

const matches = (wanted: string | RegExp, text: string, byText: (wanted: string) => boolean) =>
  typeof wanted === 'string' ? byText(wanted) : new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, '')).test(text)

function strikes(one: {readonly fault: Fault; met: number}): boolean {
  const {after = 0, times = Number.POSITIVE_INFINITY} = one.fault
  const turn = one.met++
  return turn >= after && turn < after + times
}
