import {PassThrough, Writable} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'
import xterm from '@xterm/headless'
import type {FeedEvent} from '../../src/tui/events.ts'
import type {Feed, FeedCommand} from '../../src/tui/feed.ts'
import {runTop} from '../../src/tui/shell/run.ts'
import type {Look} from '../../src/tui/state.ts'

export interface TerminalRun {
  /** What a person sees, without colour. */
  screen(): string
  /** Once something is to be seen. */
  shows(text: string | RegExp): Promise<string>
  type(chunk: string): void
  hangUp(): void
  resize(columns: number, rows: number): void
  send(event: FeedEvent): void
  readonly term: InstanceType<typeof xterm.Terminal>
  readonly commands: readonly FeedCommand[]
  /** Whether each key comes at once. */
  raw(): boolean
  /** All that was written. */
  written(): string
  readonly code: Promise<number>
}
export interface TerminalGiven {
  readonly columns: number
  readonly rows: number
  readonly events: readonly FeedEvent[]
  readonly look?: Look
  readonly inTmux?: boolean
}

/** The whole shell on a terminal without a window: what ink writes is understood as a terminal does. */
export function runOnTerminal({columns, rows, events, look = {colour: true, unicode: true}, inTmux = false}: TerminalGiven): TerminalRun {
  const term = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, convertEol: true})
  const input = Object.assign(new PassThrough(), {isTTY: true, raw: false, setRawMode: (raw: boolean) => (input.raw = raw)})
  const output = screenStream(term)
  const commands: FeedCommand[] = []
  let send: (event: FeedEvent) => void = () => {}
  const feed: Feed = {
    start: async tell => {
      send = tell
      for (const event of events) tell(event)
    },
    command: command => void commands.push(command),
    stop: async () => {},
  }
  const screen = () => Array.from({length: term.rows}, (_, row) => term.buffer.active.getLine(row)?.translateToString(true).trimEnd() ?? '').join('\n')
  return {
    screen,
    shows: text => until(screen, text),
    type: chunk => void input.write(chunk),
    hangUp: () => void input.end(),
    resize: (columns, rows) => {
      term.resize(columns, rows)
      Object.assign(output, {columns, rows})
      output.emit('resize')
    },
    send: event => send(event),
    term,
    commands,
    raw: () => input.raw,
    written: () => output.written.join(''),
    code: runTop({feed, look, input, output, inTmux}),
  }
}

function screenStream(term: InstanceType<typeof xterm.Terminal>) {
  const written: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _, done) => {
      written.push(String(chunk))
      term.write(String(chunk), done)
    },
  })
  return Object.assign(stream, {isTTY: true, columns: term.cols, rows: term.rows, written})
}

async function until(screen: () => string, text: string | RegExp): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const now = screen()
    if (typeof text === 'string' ? now.includes(text) : text.test(now)) return now
    await sleep(30)
  }
  throw new Error(`${text} is not to be seen on\n${screen()}`)
}
