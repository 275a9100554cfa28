import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {scenario} from '../../src/demo/index.ts'
import {assets, whyNone} from './cluster.ts'
import {exec} from './exec-client.ts'
import {startScale} from './scale-cluster.ts'

describe.skipIf(whyNone !== undefined)('a seeded control plane', () => {
  const cache = mkdtempSync(join(tmpdir(), 'cdseed-'))
  afterAll(() => rmSync(cache, {recursive: true, force: true, maxRetries: 10, retryDelay: 100}))
  const size = {nodes: 5, pods: 40}
  const state = scenario('healthy', size)

  test.each(['when its objects are written', 'when they are kept'])('has every object and answers exec, %s', async () => {
    const cluster = await startScale({assets: assets!, cache, ...size})
    try {
      const lists = {nodes: '/api/v1/nodes', pods: '/api/v1/pods', 'ipamhandles.crd.projectcalico.org': '/apis/crd.projectcalico.org/v1/ipamhandles'}
      for (const [resource, path] of Object.entries(lists)) {
        const {items} = await cluster.admin.must('GET', path)
        expect(items.map(nameOf).toSorted()).toEqual(state.objects[resource]!.map(nameOf).toSorted())
      }
      const phases = (await cluster.admin.must('GET', '/api/v1/pods')).items.map(({status: {phase, podIP}}: any) => [phase, podIP !== undefined])
      expect(new Set(phases.map(String))).toEqual(new Set(['Running,true']))
      const {metadata} = state.objects.pods!.find(({metadata: {labels}}) => labels?.['k8s-app'] === 'calico-node')!
      const place = {namespace: metadata.namespace!, pod: metadata.name, container: 'calico-node'}
      const answer = await exec(cluster.admin.identity, {...place, command: ['cat', '/var/lib/calico/mtu'], protocols: ['v5.channel.k8s.io']})
      expect(answer).toMatchObject({status: {status: 'Success'}})
    } finally {
      await cluster.close()
    }
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^seed-5-40-[0-9a-f]{32}$/)])
  })
})

const nameOf = ({metadata: {name, namespace = ''}}: {metadata: {name: string; namespace?: string}}) => `${namespace}/${name}`
