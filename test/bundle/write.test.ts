import {execFileSync, spawnSync} from 'node:child_process'
import {createHash, randomBytes} from 'node:crypto'
import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {archiveEntries} from '../../src/bundle/archive.ts'
import {openAside} from '../../src/bundle/aside.ts'
import {bytesOf} from '../../src/bundle/body.ts'
import {type BundleFile, nodeFiles, reportFile, snapshotFile} from '../../src/bundle/contents.ts'
import type {Manifest} from '../../src/bundle/manifest.ts'
import {apiOf, nodesOf} from '../../src/bundle/missed.ts'
import {safePart} from '../../src/bundle/paths.ts'
import {readBundle} from '../../src/bundle/read.ts'
import {redactSnapshot} from '../../src/bundle/redact-snapshot.ts'
import {type Archive, type WriteOptions, writeArchive} from '../../src/bundle/write.ts'
import {pack, unpack} from '../../src/engine/packed.ts'
import type {Snapshot} from '../../src/engine/snapshot.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {snapshot} from './archives.ts'

const about = {schema: 1, tool: {name: 'calico-doctor', version: '0.0.0'}, arguments: [], start: snapshot.takenAt, partial: null, struckOut: 0} as const

async function write(seen: Snapshot, folder: string, name = 'b.tar.gz'): Promise<Manifest> {
  const aside = await openAside(folder)
  try {
    const written = await writeArchive(aside, async archive => {
      for (const file of [snapshotFile(seen), reportFile('json', '{}\n'), ...nodeFiles(seen)]) await archive.add(file)
      return {...about, nodes: nodesOf(seen), api: apiOf(seen)}
    })
    await aside.finish(join(folder, name))
    expect(written.files).toBe(Number(execFileSync('tar', ['tzf', name], {cwd: folder, encoding: 'utf8'}).split('\n').length - 1))
    return JSON.parse(execFileSync('tar', ['xzOf', name, 'manifest.json'], {cwd: folder, encoding: 'utf8'}))
  } catch (error) {
    await aside.discard()
    throw error
  }
}

test('tar reads it; the manifest tells every file by size and sha256, and what was missed', async () => {
  const folder = tempFolder()
  const manifest = await write(snapshot, folder)
  mkdirSync(join(folder, 'out'))
  execFileSync('tar', ['xzf', 'b.tar.gz', '-C', 'out'], {cwd: folder})
  expect(JSON.parse(readFileSync(join(folder, 'out/manifest.json'), 'utf8'))).toEqual(manifest)
  for (const {path, size, sha256} of manifest.files) {
    const bytes = readFileSync(join(folder, 'out', path))
    expect({path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex')}).toEqual({path, size, sha256})
  }
  expect(manifest.files.map(({path, exit, node}) => [path, exit, node])).toEqual([
    ['snapshot.json', undefined, undefined],
    ['report.json', undefined, undefined],
    ['nodes/a/mtu.txt', 0, 'a'],
    ['nodes/%2e.%2fb/mtu.txt', 1, '../b'],
    ['nodes/%2e.%2fb/mtu.stderr.txt', 1, '../b'],
  ])
  expect(readFileSync(join(folder, 'out/nodes/a/mtu.txt'), 'utf8')).toBe('1440\n')
  expect(manifest.nodes).toEqual({
    wanted: ['a', '../b', 'c'],
    got: ['a', '../b'],
    missed: [{node: 'c', why: 'timeout', detail: 'no complete answer in 15 s'}],
    partly: [],
  })
  expect(manifest.api.missed).toEqual([{source: 'ip-pools', why: 'forbidden', detail: 'may not list ippools'}])
  expect(await readBundle(join(folder, 'b.tar.gz'))).toEqual(snapshot)
})

const file = (path: string, text: string) => ({path, source: 'cat', truncated: false, text: () => [text]})
async function writeAll(files: readonly BundleFile[], options: WriteOptions = {}) {
  const folder = tempFolder()
  const aside = await openAside(folder)
  const added: boolean[] = []
  await writeArchive(
    aside,
    async archive => {
      // All at once, as tasks do.
      added.push(...(await Promise.all(files.map(async item => (await archive.add(item)) !== undefined))))
      return {...about, nodes: nodesOf(snapshot), api: apiOf(snapshot)}
    },
    options,
  )
  const name = join(folder, 'x.tar.gz')
  await aside.finish(name)
  const list = execFileSync('tar', ['tzf', name], {encoding: 'utf8'}).trim().split('\n')
  const print = (path: string) => execFileSync('tar', ['xzOf', name, path], {encoding: 'utf8'})
  return {manifest: JSON.parse(print('manifest.json')) as Manifest, added, list, bytes: statSync(name).size, print, name}
}

test('names of any length and texts of any kind come back as they were, to tar and to us', async () => {
  const long = `logs/${'n'.repeat(90)}/${'p'.repeat(95)}/${'c'.repeat(40)}-previous.log`
  const texts = {[long]: 'x', 'a/é€😀.txt': '😀'.repeat(40_000), 'empty.txt': '', 'block.txt': 'y'.repeat(512), 'half.txt': 'a\ud800b'}
  const {list, name, print} = await writeAll(Object.entries(texts).map(([path, text]) => file(path, text)))
  expect(list).toHaveLength(6)
  expect(print(long)).toBe('x')
  const read: Record<string, string> = {}
  for await (const entry of archiveEntries(name)) read[entry.name] = (await bytesOf(entry.body, 1e6))!.toString()
  expect(read).toEqual({...texts, 'half.txt': 'a\ufffdb', 'manifest.json': expect.any(String)})
})

test('of one path given twice both are kept; every file passes through the one function', async () => {
  const {list, manifest, print} = await writeAll([file('a/b.txt', '1'), file('a/b.txt', '2'), file('c', '3')], {
    pass: given => ({...given, path: given.path.replace('c', 'd'), text: () => [[...given.text()].join('').replaceAll('3', 'three')]}),
  })
  expect(list).toEqual(['a/b.txt', 'a/b-2.txt', 'd', 'manifest.json'])
  expect(print('d')).toBe('three')
  expect(manifest.files[2]).toMatchObject({path: 'd', size: 5})
})

test('what has no room is left out, and the rest is a whole archive within the limit', async () => {
  const noise = Array.from({length: 40}, (_, index) => file(`noise/${index}.txt`, randomBytes(20_000).toString('hex')))
  const {added, bytes, list, manifest} = await writeAll(noise, {maxBytes: 300_000})
  expect(bytes).toBeLessThanOrEqual(300_000)
  expect(bytes).toBeGreaterThan(200_000)
  expect(added.filter(Boolean)).toHaveLength(list.length - 1)
  expect(manifest.files.map(({path}) => path)).toEqual(list.slice(0, -1))
})

test('a file that exists is never replaced, and nothing stays behind', async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'b.tar.gz'), 'mine')
  await expect(write(snapshot, folder)).rejects.toThrow(/exists already/)
  expect(readdirSync(folder)).toEqual(['b.tar.gz'])
  expect(readFileSync(join(folder, 'b.tar.gz'), 'utf8')).toBe('mine')
})

test('no such folder', async () => {
  await expect(write(snapshot, '/nope')).rejects.toThrow('/nope cannot be written: no such folder.')
})

const large: Snapshot = {
  ...snapshot,
  evidence: {
    big: [
      {
        at: snapshot.takenAt,
        ms: 1,
        data: {known: true, value: Array.from({length: 400}, () => createHash('sha512').update(String(Math.random())).digest('hex').repeat(20))},
      },
    ],
  },
}

const folder = '/tmp/calico-doctor-full-disk-test'
const mountable = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0
test.runIf(mountable)('a disk that is full: one sentence, no file', () => {
  const script = `
    import {openAside} from ${JSON.stringify(new URL('../../src/bundle/aside.ts', import.meta.url).href)}
    import {writeArchive} from ${JSON.stringify(new URL('../../src/bundle/write.ts', import.meta.url).href)}
    import {readdirSync} from 'node:fs'
    import {randomBytes} from 'node:crypto'
    const aside = await openAside('${folder}')
    const noise = randomBytes(400_000).toString('hex')
    const file = {path: 'snapshot.json', source: '', truncated: false, text: () => [noise]}
    const fill = async archive => { await archive.add(file); await archive.add({...file, path: 'b'}); return {} }
    try { await writeArchive(aside, fill) } catch (error) { await aside.discard(); console.log(error.name + ': ' + error.message) }
    console.log(JSON.stringify(readdirSync('${folder}')))`
  mkdirSync(folder, {recursive: true})
  const node = `${process.execPath} --input-type=module --disable-warning=ExperimentalWarning -e "$SCRIPT"`
  const {stdout, stderr} = spawnSync('unshare', ['-m', 'sh', '-c', `mount -t tmpfs -o size=64k tmpfs ${folder} && ${node}`], {
    encoding: 'utf8',
    env: {...process.env, SCRIPT: script},
  })
  expect(stdout, stderr).toBe(`SourceError: No room to write to ${folder}: the disk is full.\n[]\n`)
})

test("a fault of ours is not called the disk's, and it ends", async () => {
  const folder = tempFolder()
  const aside = await openAside(folder)
  const broken = {path: 'x', source: '', truncated: false, text: () => [''].map(() => fail())}
  const fill = async (archive: Archive) => {
    for (const file of [snapshotFile(large), broken]) await archive.add(file)
    return {...about, nodes: nodesOf(large), api: apiOf(large)}
  }
  await expect(writeArchive(aside, fill)).rejects.toThrow(/^ours$/)
  await aside.discard()
  expect(readdirSync(folder)).toEqual([])
})
function fail(): string {
  throw new Error('ours')
}

test('credentials leave every answer, packed ones too, and what has none stays', () => {
  const long = `${'x'.repeat(100)}\n`.repeat(300)
  const output = {argv: ['cat', 'x'], exit: 0, stdout: `${long}password: s3cret\n${long}`, stderr: ''}
  const packed = pack({known: true, value: output})
  const taken = {at: snapshot.takenAt, ms: 1, node: 'a', data: packed}
  const {value, struckOut} = redactSnapshot({...snapshot, evidence: {...snapshot.evidence, 'node/x': [taken]}})
  expect(struckOut).toBe(2)
  const after = value.evidence['node/x']![0]!.data as {value: typeof output}
  expect(unpack(after.value)).toEqual({...output, stdout: `${long}password: (struck-out)\n${long}`})
  expect(JSON.stringify(value)).not.toContain('s3cret')
  expect(value.evidence['node/mtu-file']![0]).toBe(snapshot.evidence['node/mtu-file']![0])
})

test('any name is one safe part of a path, and different names stay different', () => {
  const name = fc.oneof(fc.string({unit: 'binary', maxLength: 300}), fc.constantFrom('', '.', '..', '../x', 'a/b', 'a\\b', 'a%2fb', '\0', 'worker-1'))
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(safePart(a)).toMatch(/^[\w%-][\w.%-]{0,99}$/)
      expect(safePart(a) === safePart(b)).toBe(Buffer.from(a).equals(Buffer.from(b)))
    }),
    {numRuns: 2_000},
  )
  expect(safePart('worker-1.example.org')).toBe('worker-1.example.org')
})
