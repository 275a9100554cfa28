import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {scenario} from '../../src/demo/index.ts'
import {type Lab, startLab, whyNoLab} from '../lab/lab.ts'
import {type RealCluster, startReal, whyNone} from './cluster.ts'
import {exec} from './exec-client.ts'
import {atLabAddresses, labInsides} from './lab-nodes.ts'

const why = whyNone ?? whyNoLab()

describe.skipIf(why !== undefined)('real BIRD behind a real API server', () => {
  let lab: Lab
  let cluster: RealCluster
  let insides: string
  beforeAll(async () => {
    insides = mkdtempSync(join(tmpdir(), 'cdroot-'))
    const simulated = scenario('healthy', {nodes: 4})
    lab = await startLab({nodes: Object.keys(simulated.nodes).map(name => ({name}))})
    const state = atLabAddresses(simulated, lab)
    cluster = await startReal(state, {execute: labInsides(lab, state, insides)})
    await lab.waitForMesh()
  })
  afterAll(async () => {
    await cluster?.close()
    lab?.close()
    if (insides) rmSync(insides, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
  })

  test('each node says of the others what the API says of them', async () => {
    const {items: nodes} = await cluster.admin.must('GET', '/api/v1/nodes')
    const {items: pods} = await cluster.admin.must('GET', '/api/v1/pods?labelSelector=k8s-app%3Dcalico-node')
    const addresses = new Map<string, string>(nodes.map((node: any) => [node.metadata.name, node.status.addresses.find(isInternal).address]))
    expect(pods).toHaveLength(4)
    for (const {metadata, spec} of pods) {
      const command = ['birdcl', '-s', '/var/run/calico/bird.ctl', 'show', 'protocols']
      const answer = await exec(cluster.admin.identity, {namespace: metadata.namespace, pod: metadata.name, container: 'calico-node', command})
      const peers =
        'stdout' in answer ? [...answer.stdout.toString().matchAll(/^Mesh_(\S+) .*Established/gm)].map(([, peer]) => peer!.replaceAll('_', '.')) : []
      const others = [...addresses].flatMap(([name, address]) => (name === spec.nodeName ? [] : [address]))
      expect(peers.toSorted()).toEqual(others.toSorted())
    }
  })
})

const isInternal = ({type}: {type: string}) => type === 'InternalIP'
