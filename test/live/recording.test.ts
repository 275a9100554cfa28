import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {gunzipSync, gzipSync} from 'node:zlib'
import {expect, onTestFinished, test, vi} from 'vitest'
import {SourceError} from '../../src/engine/errors.ts'
import {readRecording} from '../../src/live/read-recording.ts'
import {recordingFeed} from '../../src/live/recording.ts'
import {ReplayFeed} from '../../src/live/replay.ts'
import type {FeedEvent} from '../../src/tui/events.ts'
import type {Feed} from '../../src/tui/feed.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

const lost = (detail: string, at = 1): FeedEvent => ({type: 'api', at, connected: false, detail})
const told = (text: string): FeedEvent => ({type: 'told', text})
const ipam: FeedEvent = {
  type: 'ipam',
  seen: {
    at: 1,
    pools: {
      known: true,
      value: [
        {name: 'six', cidr: 'fd00::/48', disabled: false, size: Infinity, used: {known: true, value: 3}, blocks: {known: true, value: 1}, maxBlocks: Infinity},
      ],
    },
  },
}

/** A feed that tells what it is given. */
function given(): Feed & {tell: (...events: FeedEvent[]) => void} {
  let send: (event: FeedEvent) => void = () => {}
  return {start: async to => void (send = to), command: () => {}, stop: async () => {}, tell: (...events) => events.forEach(event => send(event))}
}
async function recorded(...events: FeedEvent[]): Promise<string> {
  const file = join(tempFolder(), 'incident.ndjson.gz')
  const source = given()
  const feed = await recordingFeed(source, file, '0.1.0')
  await feed.start(() => {})
  source.tell(...events)
  await feed.stop()
  return file
}
async function played(file: string) {
  const events: FeedEvent[] = []
  const feed = new ReplayFeed(file)
  onTestFinished(() => feed.stop())
  await feed.start(event => void events.push(event))
  return {feed, events, positions: () => events.flatMap(event => (event.type === 'position' ? [event.round] : []))}
}
const refusal = (file: string) =>
  readRecording(file).then(
    () => 'read',
    (error: unknown) => (error instanceof SourceError ? error.message.replace(file, 'FILE') : String(error)),
  )

test('what was told is played, in rounds', async () => {
  const file = await recorded({type: 'feed', mode: 'live', intervalMs: 5}, lost('a'), ipam, told('x'), lost('b'), told('y'))
  const {events, positions} = await played(file)
  expect(events[0]).toMatchObject({type: 'feed', mode: 'replay'})
  await vi.waitFor(() => expect(positions()).toEqual([1, 2]))
  expect(events.filter(({type}) => type !== 'clock' && type !== 'position').slice(1)).toEqual([lost('a'), ipam, told('x'), lost('b'), told('y')])
})
test('paused it waits; steps go on and back', async () => {
  const file = await recorded(lost('a'), lost('b'), lost('c'))
  const {feed, events, positions} = await played(file)
  feed.command({kind: 'pause', paused: true})
  await new Promise(resolve => setTimeout(resolve, 250))
  const from = positions().at(-1)!
  feed.command({kind: 'step', by: 1})
  feed.command({kind: 'step', by: -1})
  feed.command({kind: 'step', by: -1})
  expect(events.filter(({type}) => type === 'anew').length).toBeGreaterThan(0)
  expect(positions().at(-1)).toBe(Math.max(1, from === 3 ? 1 : from - 1))
  for (let step = 0; step < 5; step++) feed.command({kind: 'step', by: -1})
  expect(positions().at(-1)).toBe(1)
})
test('credentials are struck out', async () => {
  const file = await recorded(lost('GET https://u:hunter2@api.example: password=hunter2'))
  expect(gunzipSync(await readFile(file)).toString()).not.toContain('hunter2')
})
test('a file that is there is not written over', async () => {
  const file = await recorded(lost('a'))
  await expect(recordingFeed(given(), file, '0.1.0')).rejects.toThrow('exists already')
})
test('a recording that was cut off is played as far as it goes', async () => {
  const file = await recorded(...Array.from({length: 500}, (_, index) => lost(`${index} ${Math.random()}`)))
  const whole = await readFile(file)
  await writeFile(file, whole.subarray(0, Math.floor(whole.length / 2)))
  const rounds = await readRecording(file)
  expect(rounds.length).toBeGreaterThan(50)
  expect(rounds.length).toBeLessThan(500)
})
test.each<[string, Buffer, string]>([
  ['text', Buffer.from('hello\n'), 'FILE is no recording.'],
  ['nothing', Buffer.alloc(0), 'FILE is no recording.'],
  ['another .gz', gzipSync('{"a":1}\n{"b":2}\n'), 'FILE is no recording.'],
  ['a newer one', gzipSync('{"recording":9}\n'), 'FILE was recorded by a newer calico-doctor (version 9; this one plays up to 1).'],
  ['no round', gzipSync('{"recording":1}\n'), 'The recording FILE ended before the first round.'],
  ['lines of others', gzipSync('{"recording":1}\nnull\n{"at":1}\n{"at":1,"event":{"type":"rm"}}\n[]\n'), 'The recording FILE ended before the first round.'],
])('%s is refused in one sentence', async (_name, content, sentence) => {
  const file = join(tempFolder(), 'file')
  await writeFile(file, content)
  expect(await refusal(file)).toBe(sentence)
})
test('a file that is not there, and a folder', async () => {
  expect(await refusal('/nowhere/at.all')).toBe('The recording FILE cannot be read: no such file.')
  expect(await refusal(tempFolder())).toBe('FILE is no file.')
})
