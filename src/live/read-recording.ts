import {createReadStream} from 'node:fs'
import {stat} from 'node:fs/promises'
import {constants, createGunzip, deflateRawSync, inflateRawSync} from 'node:zlib'
import {SourceError} from '../engine/errors.ts'
import {beginsRound, type Recorded, recordedOf, recordingOf, recordingVersion} from './recorded.ts'

/** One round as it was told, kept small: a thousand nodes tell a megabyte a round. */
export interface RecordedRound {
  /** Milliseconds since 1970. */
  readonly at: number
  events(): Recorded[]
}

const mostBytes = 4 * 1024 ** 3
const longestLine = 256 * 1024 ** 2

/** Throws SourceError, one sentence, for what is no recording, or holds no round. What was cut off is played as far as it goes. */
export async function readRecording(file: string): Promise<RecordedRound[]> {
  await assertFile(file)
  const rounds: RecordedRound[] = []
  let lines: string[] = []
  let [at, isFirst] = [0, true]
  const close = () => {
    if (lines.length > 0) rounds.push(roundOf(at, lines))
    lines = []
  }
  for await (const line of linesOf(file)) {
    if (isFirst) {
      assertRecording(file, line)
      isFirst = false
      continue
    }
    const recorded = recordedOf(line)
    if (!recorded) continue
    if (beginsRound(recorded.event)) close()
    if (lines.length === 0) at = recorded.at
    lines.push(line)
  }
  close()
  if (isFirst) throw notOne(file)
  if (rounds.length === 0) throw new SourceError(`The recording ${file} ended before the first round.`, 'Record anew: calico-doctor top --record FILE.')
  return rounds
}

function roundOf(at: number, lines: readonly string[]): RecordedRound {
  const packed = deflateRawSync(lines.join('\n'), {level: 1})
  return {
    at,
    events: () =>
      inflateRawSync(packed)
        .toString()
        .split('\n')
        .flatMap(line => recordedOf(line) ?? []),
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  // The end of a file that was being written is missing: everything before it is good.
  const gunzip = createGunzip({finishFlush: constants.Z_SYNC_FLUSH})
  const input = createReadStream(file)
  input.on('error', error => gunzip.destroy(error))
  let [rest, bytes] = ['', 0]
  try {
    for await (const chunk of input.pipe(gunzip).setEncoding('utf8') as AsyncIterable<string>) {
      bytes += chunk.length
      if (bytes > mostBytes || rest.length > longestLine) throw new SourceError(`${file} is not read: it inflates to too much.`, 'No recording is like that.')
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (cause) {
    if (cause instanceof SourceError) throw cause
    if (bytes === 0) throw notOne(file, cause)
  } finally {
    input.destroy()
    gunzip.destroy()
  }
}

function assertRecording(file: string, line: string): void {
  const version = recordingOf(line)
  if (version === undefined) throw notOne(file)
  if (version > recordingVersion)
    throw new SourceError(
      `${file} was recorded by a newer calico-doctor (version ${version}; this one plays up to ${recordingVersion}).`,
      'Use a newer calico-doctor.',
    )
}

async function assertFile(file: string): Promise<void> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw new SourceError(`The recording ${file} cannot be read: ${cause.code === 'ENOENT' ? 'no such file' : cause.message}.`, undefined, {cause})
  })
  if (!found.isFile()) throw new SourceError(`${file} is no file.`, 'A recording is one file, as calico-doctor top --record writes it.')
}

const notOne = (file: string, cause?: unknown) =>
  new SourceError(`${file} is no recording.`, 'calico-doctor top --record FILE makes one; a support bundle is shown by --bundle.', {cause})
