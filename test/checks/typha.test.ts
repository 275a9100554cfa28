import {describe, expect, test} from 'vitest'
import {recommendedTyphas} from '../../src/calico/typha.ts'
import {exampleEnv, exampleNode, manifestInstall} from '../../src/checks/example-cluster.ts'
import {exampleInstall, exampleUnreadyPod, exampleWorkload} from '../../src/checks/example-workloads.ts'
import incomplete from '../../src/checks/typha/incomplete.ts'
import missing from '../../src/checks/typha/missing.ts'
import {unknown} from '../../src/engine/collected.ts'
import {examine} from '../../src/engine/examine.ts'
import {tableOf} from './table.ts'

const typha = (more: object = {}) => exampleWorkload('Deployment', 'calico-typha', more)
const told = exampleEnv({FELIX_TYPHAK8SSERVICENAME: 'calico-typha'}).value
const service = {namespace: 'kube-system', name: 'calico-typha', clusterIps: ['10.96.0.7'], selector: {'k8s-app': 'calico-typha'}, ports: [5473]}
const whole = {
  nodeEnv: told,
  calicoDeployments: [typha()],
  typhaService: service,
  typhaEndpoints: {ready: ['10.0.0.1'], notReady: []},
  calicoConfig: {namespace: 'kube-system', name: 'calico-config', data: {typha_service_name: 'calico-typha'}},
  calicoPods: [],
  install: manifestInstall.value,
}
const judge = (change: Parameters<typeof tableOf>[0]) => examine(incomplete, tableOf({...whole, ...change}))
const forbidden = unknown('forbidden', '403')
const only = (verdict: ReturnType<typeof examine>) => (verdict.status === 'fail' ? verdict.findings[0] : undefined)

describe('what was not seen carries no pass, and no alarm', () => {
  test('ready addresses are enough, whatever else is closed', () => expect(judge({typhaService: forbidden, calicoConfig: forbidden}).status).toBe('pass'))
  test('addresses forbidden, pods ready: nobody knows', () => {
    expect(judge({typhaEndpoints: forbidden})).toMatchObject({status: 'unknown', reasons: [expect.stringContaining('forbidden')]})
  })
  test('addresses forbidden and no Deployment seen: it may be elsewhere', () =>
    expect(judge({typhaEndpoints: forbidden, calicoDeployments: []}).status).toBe('unknown'))
  test('no address ready while pods are: nobody knows why', () => expect(judge({typhaEndpoints: {ready: [], notReady: ['10.0.0.1']}}).status).toBe('unknown'))
  test('the name of the Service stands in a ConfigMap that may not be read', () => {
    const nodeEnv = {FELIX_TYPHAK8SSERVICENAME: {source: 'ConfigMap kube-system/calico-config key typha_service_name', unresolved: 'forbidden: 403'}}
    expect(judge({nodeEnv, calicoConfig: forbidden})).toMatchObject({status: 'unknown', reasons: [expect.stringContaining('forbidden')]})
  })
  test('Felix is given an address: the Service says nothing', () => {
    expect(judge({nodeEnv: exampleEnv({FELIX_TYPHAADDR: '10.0.0.9:5473'}).value})).toMatchObject({status: 'unknown'})
  })
})

describe('fixes', () => {
  test('the Service alone is missing: it is made again, with the port name that Felix looks for', () => {
    const command = only(judge({typhaService: unknown('absent', '404')}))?.fix[0]?.command ?? ''
    const json = /^echo '(.*)' \| kubectl apply -f -$/.exec(command)?.[1] ?? '{}'
    expect(JSON.parse(json)).toMatchObject({kind: 'Service', spec: {selector: {'k8s-app': 'calico-typha'}, ports: [{name: 'calico-typha', port: 5473}]}})
  })
  test('the operator is asked, and never switched off', () => {
    const finding = only(judge({typhaService: unknown('absent', '404'), install: exampleInstall('operator').value}))
    expect(finding?.fix).toHaveLength(1)
    expect(finding?.fix[0]?.command).toContain('tigerastatus')
  })
  test('the pods say why', () => {
    const calicoPods = [exampleUnreadyPod('a', {name: 'calico-typha-0', app: 'calico-typha'}, {name: 'calico-typha', reason: 'ImagePullBackOff'})]
    const change = {calicoDeployments: [typha({desired: 2, ready: 0})], typhaEndpoints: {ready: [], notReady: []}, calicoPods}
    expect(only(judge(change))?.evidence).toContain('Pod kube-system/calico-typha-0 on a: Running, waiting ImagePullBackOff')
  })
})

describe('missing', () => {
  const nodes = (count: number) => Array.from({length: count}, (_, index) => exampleNode(`n${index}`, index))
  const table = (count: number) => tableOf({datastore: {type: 'kubernetes', claims: []}, nodes: nodes(count), calicoDeployments: [], install: manifestInstall})
  test('how many replicas', () => expect([51, 600, 601, 1000].map(recommendedTyphas)).toEqual([3, 3, 4, 5]))
  test('the message says both numbers', () => expect(only(examine(missing, table(1000)))?.message).toMatch(/^1000 nodes .* 5 replicas/))
  test('Kubespray has its variable', () => {
    const verdict = examine(
      missing,
      tableOf({datastore: {type: 'kubernetes', claims: []}, nodes: nodes(60), calicoDeployments: [], install: exampleInstall('kubespray')}),
    )
    expect(only(verdict)?.fix[0]?.text).toContain('typha_enabled: true')
  })
})
