import {execFileSync} from 'node:child_process'
import {mkdirSync, symlinkSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {packTar} from 'modern-tar'
import {expect, test} from 'vitest'
import {shapedEvidence} from '../../src/bundle/evidence-shapes.ts'
import {documentsIn} from '../../src/bundle/foreign/documents.ts'
import {filesOfArchive, filesOfFolder, filesOfStream} from '../../src/bundle/foreign/files.ts'
import {readIpText} from '../../src/bundle/foreign/ip-text.ts'
import {protocolsIn} from '../../src/bundle/foreign/node-status-text.ts'
import {readForeign} from '../../src/bundle/foreign/read.ts'
import {nodeIn, textKindOf} from '../../src/bundle/foreign/sniff.ts'
import {textOf} from '../../src/bundle/foreign/text-of.ts'
import {readArchive, readBundle} from '../../src/bundle/read.ts'
import {snapshotFrom} from '../../src/bundle/snapshot-shape.ts'
import {loadChecks} from '../../src/checks/index.ts'
import {collectors} from '../../src/collectors/index.ts'
import {SourceError} from '../../src/engine/errors.ts'
import {readFacts} from '../../src/engine/read-facts.ts'
import {report} from '../../src/engine/report.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {archive, file, snapshotEntry, written} from './archives.ts'

const checks = await loadChecks()
const stream = (...chunks: (string | Uint8Array)[]) =>
  ReadableStream.from(chunks.map(chunk => (typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)))
const ofStream = (...chunks: (string | Uint8Array)[]) => readForeign('stdin', filesOfStream(stream(...chunks)), collectors)
const node = {apiVersion: 'v1', kind: 'Node', metadata: {name: 'a', labels: {}}}
const link = (name: string, type: 'symlink' | 'link' = 'symlink') => ({header: {name, size: 0, type, linkname: '/etc/passwd'}})

test('links: left out of what others made, refused in what is ours', async () => {
  const foreign = await archive(file('x/nodes.yaml', JSON.stringify(node)), link('x/links/a'), link('x/b', 'link'))
  expect(await readArchive(foreign)).toEqual({paths: ['x/nodes.yaml'], link: 'it holds a symbolic link'})
  await expect(readBundle(foreign)).rejects.toThrow(/symbolic link/)
  for (const entries of [
    [link('a'), snapshotEntry()],
    [snapshotEntry(), link('a')],
  ])
    await expect(readArchive(await archive(...entries))).rejects.toThrow(/symbolic link/)
})

test.each([
  ['leads outside', '../x.yaml'],
  ['absolute', '/etc/x.yaml'],
  ['control characters', 'a\x1b[2J.yaml'],
])('an archive of others with a name that is no name: %s', async (reason, name) => {
  const path = await archive(file('nodes.yaml', JSON.stringify(node)), file(name))
  await expect(readArchive(path)).rejects.toThrow(new RegExp(reason.replace('absolute', 'absolute name')))
})

test('a plain tar, of ours and of others', async () => {
  expect(await readArchive(written(await packTar([snapshotEntry()])))).toHaveProperty('snapshot')
  const path = written(await packTar([file('nodes.yaml', JSON.stringify(node))]))
  const {paths} = await readArchive(path)
  expect(await readForeign(path, filesOfArchive(path, paths!), collectors)).toMatchObject({nodesWanted: {known: true}})
})

test('a folder: links are not followed, pipes not opened, what is large is cut', {timeout: 60_000}, async () => {
  const [folder, outside] = [tempFolder(), tempFolder()]
  writeFileSync(join(outside, 'nodes.yaml'), JSON.stringify({...node, metadata: {name: 'outside'}}))
  writeFileSync(join(folder, 'a.yaml'), JSON.stringify(node))
  writeFileSync(join(folder, 'empty.yaml'), '')
  symlinkSync(join(outside, 'nodes.yaml'), join(folder, 'b.yaml'))
  symlinkSync(outside, join(folder, 'c'))
  symlinkSync(folder, join(folder, 'loop'))
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')])
  writeFileSync(join(folder, 'big.yaml'), '')
  truncateSync(join(folder, 'big.yaml'), 3 * 1024 ** 3)
  const before = process.memoryUsage().rss
  const files = await filesOfFolder(folder)
  expect(files.paths).toEqual(['a.yaml', 'big.yaml', 'empty.yaml'])
  const snapshot = await readForeign('F', files, collectors)
  expect(process.memoryUsage().rss - before).toBeLessThan(600_000_000)
  expect(snapshot.nodesWanted).toMatchObject({known: true, value: ['a'], partial: expect.stringContaining('big.yaml (too large, cut)')})
})

test('folders in folders, more than anybody has', async () => {
  const folder = tempFolder()
  mkdirSync(join(folder, 'd/'.repeat(60)), {recursive: true})
  await expect(filesOfFolder(folder)).rejects.toThrow(/is not read: it holds folders in folders/)
})

test.each<[string, string]>([
  ['nothing', ''],
  ['an image', '\x89PNG\r\n\x1a\n\0\0'],
  ['a list that never ends', '['.repeat(1_000_000)],
  ['an object that never ends', '{"a":'.repeat(300_000)],
  ['flow YAML that never ends', `a: ${'['.repeat(300_000)}`],
  ['deep YAML', Array.from({length: 3_000}, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join()}]`)
      .join('\n')}\nkind: Node\napiVersion: v1\n`,
  ],
  ['one long line', `kind: ${'x'.repeat(20_000_000)}`],
  ['a million items', `items:\n${'- a: 1\n'.repeat(1_000_000)}kind: List\n`],
  ['a million items in JSON', `{"items": [${'{"a":1},'.repeat(1_000_000)}{}]}`],
  ['a million documents', '---\na: 1\n'.repeat(1_000_000)],
  ['a million objects', '{"a":1}\n'.repeat(1_000_000)],
  ['a log', '{"level":"info"}\n'.repeat(1_000)],
])('%s: one sentence, and soon', async (_, text) => {
  const started = performance.now()
  const error = await ofStream(text).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(SourceError)
  expect((error as SourceError).message).toMatch(/^stdin holds nothing that calico-doctor can judge[^\n]*\.$/)
  expect(performance.now() - started).toBeLessThan(20_000)
})

test('bytes that are no UTF-8 are not believed', async () => {
  const broken = Buffer.concat([Buffer.from('{"apiVersion":"v1","kind":"Node","metadata":{"name":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}}')])
  await expect(ofStream(broken)).rejects.toThrow(/not UTF-8/)
  expect(await textOf(stream('a\uFFFDb'))).toMatchObject({damaged: false})
})

test('names of prototypes are names', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  const nodes = names.map(name => JSON.parse(`{"apiVersion":"v1","kind":"Node","metadata":{"name":"${name}","labels":{"__proto__":"x"},"__proto__":{"a":1}}}`))
  const snapshot = await ofStream(JSON.stringify({apiVersion: 'v1', kind: 'List', items: nodes}))
  expect(snapshot.nodesWanted).toMatchObject({known: true, value: names})
  expect(judged(snapshot).every(({status}) => status !== 'crashed')).toBe(true)
  expect(({} as any).a).toBeUndefined()
  for (const kind of names) await ofStream(JSON.stringify({apiVersion: kind, kind, metadata: {name: 'x'}}), JSON.stringify(node))
})

test('a hundred thousand objects more than there can be', {timeout: 60_000}, async () => {
  const items = Array.from({length: 60_000}, (_, at) => ({metadata: {name: `n${at}`}, spec: {cidr: '10.0.0.0/26'}}))
  const snapshot = await ofStream(JSON.stringify({apiVersion: 'projectcalico.org/v3', kind: 'IPPoolList', items}))
  expect(readFacts(snapshot, collectors).ipPools).toMatchObject({known: true, partial: expect.stringContaining('more than 50000')})
})

const judged = (snapshot: Parameters<typeof shapedEvidence>[0]) => {
  const shaped = shapedEvidence(snapshot)
  return report(shaped, readFacts(shaped, collectors), checks, {version: '0'}).checks
}

const kinds = [
  'Node',
  'Pod',
  'DaemonSet',
  'Deployment',
  'ConfigMap',
  'IPPool',
  'BGPPeer',
  'FelixConfiguration',
  'BGPConfiguration',
  'Installation',
  'Service',
  'List',
  'NodeList',
]
const groups = ['v1', 'apps/v1', 'crd.projectcalico.org/v1', 'projectcalico.org/v3', 'operator.tigera.io/v1']
const hostile = fc.record(
  {
    apiVersion: fc.oneof(fc.constantFrom(...groups), fc.jsonValue()),
    kind: fc.oneof(fc.constantFrom(...kinds), fc.jsonValue()),
    metadata: fc.oneof(
      fc.record({name: fc.constantFrom('default', 'a', 'calico-node'), namespace: fc.constantFrom('kube-system', 'x')}, {requiredKeys: []}),
      fc.jsonValue(),
    ),
    spec: fc.jsonValue(),
    status: fc.jsonValue(),
    items: fc.jsonValue(),
    data: fc.jsonValue(),
  },
  {requiredKeys: []},
)

test('any objects: a snapshot that no check breaks on and none passes for want of a list, or one sentence', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, {maxLength: 6}), fc.boolean(), async (objects, asList) => {
      const text = asList ? JSON.stringify({apiVersion: 'v1', kind: 'List', items: objects}) : objects.map(object => JSON.stringify(object)).join('\n')
      const snapshot = await ofStream(text).catch((error: unknown) => error)
      if (snapshot instanceof SourceError) return
      const {snapshot: good, wrong} = snapshotFrom(JSON.parse(JSON.stringify(snapshot)))
      expect(wrong).toBeUndefined()
      for (const {id, status} of judged(good!)) expect(`${id} ${status}`).not.toMatch(/ crashed$/)
    }),
    {numRuns: 150},
  )
})

test('any text: never thrown, never long', () => {
  const text = fc.oneof(
    fc.string({unit: 'binary', maxLength: 300}),
    fc
      .array(
        fc.constantFrom(
          'apiVersion: v1\n',
          'kind: List\n',
          'items:\n',
          '- a\n',
          '---\n',
          '{"a":1}\n',
          '{',
          ']',
          '==== START logs for container a of pod b ====\n',
          '==== END logs for container a of pod b ====\n',
          '1: lo: <UP> mtu 1\n',
          '    inet 1.1.1.1/8\n',
          'IPv4 BGP status\n',
          '| 1.1.1.1 | global | up | 1 | x |\n',
          '"',
          '\\',
        ),
      )
      .map(parts => parts.join('')),
  )
  fc.assert(
    fc.property(text, fc.boolean(), (any, cut) => {
      documentsIn(any, cut)
      readIpText(any)
      protocolsIn(any, 4)
      textKindOf(any, any)
      nodeIn(any, ['a', any])
    }),
    {numRuns: 1_000},
  )
})
