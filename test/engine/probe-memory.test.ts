import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {expect, test} from 'vitest'
import {readProbes} from '../../src/engine/probe-script.ts'

setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')
const bytes = () => {
  gc()
  const {heapUsed, external} = process.memoryUsage()
  return heapUsed + external
}

const nonce = 'f00d'
const probes = new Map([
  ['dump', {tries: [['birdcl', 'show', 'protocols', 'all']] as [string[]], maxLines: 60_000}],
  ['links', {tries: [['ip', '-j', '-d', 'addr']] as [string[]]}],
])
const frame = (name: string, text: string) => `\n${nonce} begin ${name} 0\n${text}\n${nonce} end ${name} 0 0\n`
const answerOf = (node: number) => Buffer.from(frame('dump', `node ${node} `.repeat(150_000)) + frame('links', `[{"ifname": "node-${node}"}]`)).toString()

test('a small answer does not keep alive the dump that came with it', () => {
  const before = bytes()
  const links = Array.from({length: 40}, (_, node) => readProbes(answerOf(node), '', probes, nonce).get('links'))
  expect(links[7]?.stdout).toBe('[{"ifname": "node-7"}]')
  // All dumps together are 56 MB.
  expect(bytes() - before).toBeLessThan(10_000_000)
})
