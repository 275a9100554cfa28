import {execFileSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {createGzip, gzipSync} from 'node:zlib'
import fc from 'fast-check'
import {packTar, type TarEntry} from 'modern-tar'
import {describe, expect, test} from 'vitest'
import {readBundle} from '../../src/bundle/read.ts'
import {snapshotFrom} from '../../src/bundle/snapshot-shape.ts'
import {SourceError} from '../../src/engine/errors.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {archive, file, snapshot, snapshotEntry, written} from './archives.ts'

/** Refused with one sentence, and nothing but the archive is in its folder. */
async function refusal(path: string, limits: Parameters<typeof readBundle>[1] = {}): Promise<string> {
  const error = await readBundle(path, limits).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(SourceError)
  const {message} = error as SourceError
  expect(message).toMatch(/^[^\n]+\.$/)
  expect(readdirSync(dirname(path))).toEqual(['bundle.tar.gz'])
  return message.replace(path, 'F')
}

test('the snapshot comes back as it was, wherever it stands in the archive', async () => {
  expect(await readBundle(await archive(snapshotEntry()))).toEqual(snapshot)
  const packed = await archive(
    {header: {name: './', size: 0, type: 'directory'}},
    file('./a.txt', 'x'.repeat(5_000)),
    file('./snapshot.json', JSON.stringify(snapshot)),
  )
  expect(await readBundle(packed)).toEqual(snapshot)
})

test('what tar itself packs again is read', async () => {
  const folder = tempFolder()
  execFileSync('tar', ['xzf', await archive(snapshotEntry(), file('nodes/a/mtu.txt', '1440\n')), '-C', folder])
  const path = join(tempFolder(), 'bundle.tar.gz')
  execFileSync('tar', ['czf', path, '-C', folder, '.'])
  expect(await readBundle(path)).toEqual(snapshot)
})

describe('hostile archives', () => {
  const special = (type: 'link' | 'symlink' | 'fifo' | 'block-device' | 'character-device'): TarEntry => ({
    header: {name: 'x', size: 0, type, linkname: '/etc/passwd'},
  })
  test.each<[string, TarEntry, RegExp]>([
    ['a name that leads outside', file('../../tmp/x'), /leads outside/],
    ['one that leads outside further on', file('nodes/../../x'), /leads outside/],
    ["Windows' way", file('nodes\\..\\..\\x'), /leads outside/],
    ['an absolute name', file('/etc/x'), /absolute name/],
    ['a drive', file('C:x'), /absolute name/],
    ['an escape in a name', file('a\x1b[2Jb'), /control characters/],
    ['an endless name', file('a/'.repeat(600)), /more than 1000/],
    ['a symbolic link', special('symlink'), /a symbolic link/],
    ['a hard link', special('link'), /a hard link/],
    ['a device', special('block-device'), /a block device/],
    ['another device', special('character-device'), /a character device/],
    ['a pipe', special('fifo'), /a pipe/],
    ['a second snapshot', snapshotEntry(), /twice/],
  ])('%s is refused, before and after the snapshot', async (_, entry, reason) => {
    expect(await refusal(await archive(snapshotEntry(), entry))).toMatch(reason)
    expect(await refusal(await archive(entry, snapshotEntry()))).toMatch(reason)
  })

  test('a bomb: by ratio, by size, by count', async () => {
    const zeros = file('zeros', new Uint8Array(20_000_000))
    expect(await refusal(await archive(snapshotEntry(), zeros), {ratioFrom: 1_000_000})).toMatch(/more than 200 times its size/)
    expect(await refusal(await archive(snapshotEntry(), zeros), {totalBytes: 10 * 1024 ** 2})).toBe('F is not read: it inflates to more than 10 MiB.')
    expect(await refusal(await archive(snapshotEntry(), file('a'), file('b')), {entries: 2})).toMatch(/more than 2 files/)
    expect(await refusal(await archive(snapshotEntry()), {snapshotBytes: 100})).toMatch(/snapshot\.json is larger/)
  })

  test('a real bomb of 3 GB costs little memory', async () => {
    const gzip = createGzip({level: 9})
    const chunks: Buffer[] = []
    gzip.on('data', (chunk: Buffer) => chunks.push(chunk))
    const head = (await packTar([{header: {name: 'zeros', size: 0}}])).slice(0, 512)
    gzip.write(head)
    for (let written = 0; written < 300; written++) if (!gzip.write(Buffer.alloc(1_000_000))) await new Promise(resolve => gzip.once('drain', resolve))
    await new Promise(resolve => gzip.end(() => resolve(undefined)))
    const before = process.memoryUsage().rss
    await refusal(written(Buffer.concat(chunks)))
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })

  test('a gzip that is cut off anywhere, or damaged', async () => {
    const whole = readFileSync(await archive(snapshotEntry(), file('a.txt', String(Array.from({length: 5_000}, Math.random)))))
    for (const part of [0, 1, 5, 10, 100, whole.length >> 1, whole.length - 9, whole.length - 1])
      expect(await refusal(written(whole.subarray(0, part))), `${part} bytes`).toMatch(/cut off|no \.tar\.gz|holds no snapshot/)
    const damaged = Buffer.from(whole)
    damaged[whole.length >> 1]! ^= 0xff
    expect(await refusal(written(damaged))).toMatch(/damaged|cut off/)
  })

  test.each<[string, () => Promise<string> | string, RegExp]>([
    ['no gzip', () => written(Buffer.from('hello')), /no \.tar\.gz/],
    ['no tar', () => written(gzipSync('hello'.repeat(1_000))), /no \.tar\.gz|damaged/],
    ['no snapshot', () => archive(file('a')), /no bundle of calico-doctor/],
    ['no JSON', () => archive(file('snapshot.json', '{')), /no JSON/],
    ['no UTF-8', () => archive(file('snapshot.json', new Uint8Array([0x22, 0xff, 0xfe, 0x22]))), /not UTF-8/],
    ['no object', () => archive(snapshotEntry(null)), /another shape/],
    ['no schema', () => archive(snapshotEntry({...snapshot, schema: undefined})), /no schema/],
    ['a newer one by its manifest', () => archive(snapshotEntry(), file('manifest.json', '{"schema": 2}')), /newer calico-doctor \(schema 2; this one/],
    ['a newer one', () => archive(snapshotEntry({schema: 2})), /newer calico-doctor \(schema 2; this one reads up to 1\)/],
  ])('%s', async (_, make, reason) => expect(await refusal(await make())).toMatch(reason))

  test('no file, a folder', async () => {
    await expect(readBundle('/nope/x.tar.gz')).rejects.toThrow('The bundle /nope/x.tar.gz cannot be read: no such file.')
    await expect(readBundle(tempFolder())).rejects.toThrow(/is no file\.$/)
  })
})

test('any bytes: refused, never anything else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({maxLength: 3_000}), fc.boolean(), async (bytes, zipped) => {
      expect(await readBundle(written(zipped ? gzipSync(bytes) : bytes)).catch((error: unknown) => error)).toBeInstanceOf(SourceError)
    }),
    {numRuns: 200},
  )
})

test('an archive that is cut off anywhere, within a file too', async () => {
  const large = JSON.stringify({...snapshot, noise: randomBytes(200_000).toString('base64')})
  const tar = await packTar([file('a.txt', 'x'), file('snapshot.json', large), file('b.txt', randomBytes(200_000))])
  for (const whole of [gzipSync(tar), tar])
    for (let part = 1; part < 20; part++) {
      const read = await readBundle(written(whole.subarray(0, Math.floor((whole.length * part) / 20)))).catch((error: unknown) => error)
      expect(String(read)).toMatch(/cannot be read: it is cut off\.$/)
    }
})

test('any change of a good archive: read, or refused with one sentence', async () => {
  const tar = await packTar([snapshotEntry(), file('nodes/a/mtu.txt', '1440\n'), file('manifest.json', '{}')])
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), {minLength: 1, maxLength: 5}), async changes => {
      const changed = Uint8Array.from(tar)
      for (const [at, byte] of changes) changed[at] = byte
      const read = await readBundle(written(gzipSync(changed))).catch((error: unknown) => error)
      if (!(read instanceof SourceError)) expect(snapshotFrom(read)).toHaveProperty('snapshot')
    }),
    {numRuns: 300},
  )
})

test('any JSON in place of any part: a snapshot or what is wrong, never thrown', () => {
  const parts = Object.keys(snapshot) as (keyof typeof snapshot)[]
  fc.assert(
    fc.property(fc.constantFrom(...parts), fc.jsonValue(), (part, value) => {
      const {snapshot: good, wrong} = snapshotFrom({...snapshot, [part]: value})
      expect(good === undefined).toBe(wrong !== undefined)
    }),
    {numRuns: 2_000},
  )
})
