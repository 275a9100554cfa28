import {expect, onTestFinished, test} from 'vitest'
import {startSimulatedCluster} from '../../src/demo/index.ts'
import {runCli, tempFile} from './run-cli.ts'

test.each([
  [4, 'Imported', true],
  [50, 'Over 2,000 sessions: totals and problems only', false],
])('-o wide of a mesh of %i nodes asks for every session in full only where a page can show them', async (nodes, text, asked) => {
  const cluster = await startSimulatedCluster({scenario: 'mesh', nodes})
  onTestFinished(() => cluster.close())
  const {stdout, stderr, code} = await runCli(['node', 'status', '-o=wide', `--kubeconfig=${tempFile('kubeconfig', cluster.kubeconfig)}`])
  expect({stderr, code}).toEqual({stderr: '', code: 0})
  expect(stdout).toContain(text)
  const scripts = cluster.requests.filter(({subresource}) => subresource === 'exec').map(({query}) => decodeURIComponent(query))
  expect(scripts.length).toBeGreaterThan(0)
  expect(scripts.some(script => script.includes('node/bird-wide-v4'))).toBe(asked)
})
