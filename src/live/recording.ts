import {open} from 'node:fs/promises'
import {dirname} from 'node:path'
import {constants, createGzip, type Gzip} from 'node:zlib'
import {alreadyThere, cannotWrite} from '../bundle/aside.ts'
import {redact} from '../bundle/redact.ts'
import type {FeedEvent} from '../tui/events.ts'
import type {Feed, FeedCommand} from '../tui/feed.ts'
import {headerLine, isRecorded, lineOf} from './recorded.ts'

/** How much may be lost when we are killed. */
const flushEveryMs = 1_000

/**
 * The same feed, and what it tells is kept in a file, credentials struck out: gzip, one JSON line an event. What was told a second before we are killed can
 * be played. A disk that fills up ends the recording and not the view. Throws SourceError when the file cannot be made or is there already.
 */
export async function recordingFeed(feed: Feed, file: string, tool: string): Promise<Feed> {
  const recorder = await openRecorder(file, tool)
  let send: (event: FeedEvent) => void = () => {}
  recorder.onEnd(text => send({type: 'told', text, bad: true}))
  return {
    start: to => {
      send = to
      return feed.start(event => {
        recorder.keep(event)
        to(event)
      })
    },
    command: (command: FeedCommand) => feed.command(command),
    stop: async () => {
      await feed.stop()
      await recorder.close()
    },
  }
}

interface Recorder {
  keep(event: FeedEvent): void
  onEnd(tell: (text: string) => void): void
  close(): Promise<void>
}

async function openRecorder(file: string, tool: string): Promise<Recorder> {
  const handle = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? alreadyThere(file) : cannotWrite(dirname(file), error)
  })
  const gzip = createGzip()
  const out = gzip.pipe(handle.createWriteStream({flush: true}))
  const done = Promise.withResolvers<void>()
  let [isOpen, tell] = [true, (_text: string): void => {}]
  const flushing = setInterval(() => flush(gzip), flushEveryMs).unref()
  const end = () => {
    isOpen = false
    clearInterval(flushing)
    done.resolve()
  }
  out.on('close', end)
  out.on('error', error => {
    end()
    tell(`The recording ended. ${cannotWrite(file, error).message}`)
  })
  gzip.write(headerLine(tool))
  return {
    keep: event => {
      if (isOpen && isRecorded(event)) gzip.write(lineOf({at: Date.now(), event: redact(event).value}))
    },
    onEnd: to => {
      tell = to
    },
    close: async () => {
      if (isOpen) gzip.end()
      await done.promise
    },
  }
}

/** So that whole lines are in the file. */
const flush = (gzip: Gzip) => gzip.flush(constants.Z_SYNC_FLUSH)
