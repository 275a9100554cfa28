import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {anonymizer} from '../../src/bundle/anonymize.ts'
import {type Harvest, harvestText} from '../../src/bundle/anonymize-harvest.ts'
import {hostnameHashes, vethHash} from '../../src/bundle/pseudonym-hashes.ts'
import {vxlanMacs} from '../../src/bundle/pseudonym-mac.ts'
import {noNames} from '../../src/bundle/pseudonym-names.ts'

const names = {
  ...noNames(),
  nodes: new Set(['worker-1', 'worker-10', 'worker', 'default', 'a1', 'ip-10-0-0-5.eu-west-1.compute.internal', 'titan']),
  namespaces: new Set(['web', 'acme-shop', 'default', 'kube-system', 'calico', 'payments']),
  pods: new Set([
    'acme-shop/billing-7d9c6b5f4-x7k2p',
    'web/a',
    'kube-system/etcd-worker-1',
    'kube-system/etcd-a1',
    'kube-system/calico-node-x7k2p',
    'payments/ledger-0',
  ]),
  hosts: new Set(['api.prod.acme.systems']),
}
const harvest: Harvest = {names, speakers: new Set(['10.0.0.1', '10.0.0.2', '10.0.0.9', '10.0.0.10']), blockSizes: {4: 26, 6: 122}}
const own = anonymizer(harvest, Buffer.from('key'))
const {text, name} = own
const [v4, v6] = [(address: string) => text(address), (address: string) => text(address)]
const node = name('worker-1')

describe('every form a name or an address takes', () => {
  test.each([
    ['Mesh_10_0_0_2', `Mesh_${v4('10.0.0.2').replaceAll('.', '_')}`],
    ['Node_fd5f__3_port_500', `Node_${v6('fd5f::3').replaceAll(':', '_')}_port_500`],
    ['Global_10_0_0_9_port_179 BGP', `Global_${v4('10.0.0.9').replaceAll('.', '_')}_port_179 BGP`],
    ['10-0-0-0-26', text('10.0.0.0/26').replaceAll(/[./]/g, '-')],
    ['worker-1-10-0-0-0-26', `${node}-${text('10.0.0.0/26').replaceAll(/[./]/g, '-')}`],
    ['a1-10-0-0-0-26', `${name('a1')}-${text('10.0.0.0/26').replaceAll(/[./]/g, '-')}`],
    ['fd85-ee78-d8a6-8607--1-3240-122', text('fd85:ee78:d8a6:8607::1:3240/122').replaceAll(/[:/]/g, '-')],
    ['worker-1-fd85-ee78--3240-122', `${node}-${text('fd85:ee78::3240/122').replaceAll(/[:/]/g, '-')}`],
    ['ipip-tunnel-addr-a1', `ipip-tunnel-addr-${name('a1')}`],
    ['host:worker', `host:${name('worker')}`],
    ['"name":"node.worker"', `"name":"node.${name('worker')}"`],
    ['kns.payments', `kns.${name('payments')}`],
    ['etcd-worker-1', `etcd-${node}`],
    ['etcd-a1', `etcd-${name('a1')}`],
    ['worker-1.prod.acme.systems', expect.stringMatching(new RegExp(`^${node}\\.[^.]+\\.[^.]+\\.example$`))],
    ['worker--1-k8s-billing--7d9c6b5f4--x7k2p-eth0', `${node.replaceAll('-', '--')}-k8s-${name('billing-7d9c6b5f4-x7k2p').replaceAll('-', '--')}-eth0`],
    [`cali${vethHash('acme-shop', 'billing-7d9c6b5f4-x7k2p')}@if4`, `cali${vethHash(name('acme-shop'), name('billing-7d9c6b5f4-x7k2p'))}@if4`],
    [`link/ether ${vxlanMacs('worker-1')[0]}`, `link/ether ${vxlanMacs(node)[0]}`],
    [`hostname-hash: ${hostnameHashes('worker-1')[1]}`, `hostname-hash: ${hostnameHashes(node)[1]}`],
    ['2.0.0.10.in-addr.arpa', `${v4('10.0.0.2').split('.').toReversed().join('.')}.in-addr.arpa`],
    ['\\"name\\":\\"worker-1\\",\\"x\\":\\"10.0.0.2\\"', `\\"name\\":\\"${node}\\",\\"x\\":\\"${v4('10.0.0.2')}\\"`],
    ['10.0.0.2:179, [fd5f::3]:179', `${v4('10.0.0.2')}:179, [${v6('fd5f::3')}]:179`],
    ['10.0.0.1-10.0.0.9', `${v4('10.0.0.1')}-${v4('10.0.0.9')}`],
    ['via 10.0.0.2\\nvia 10.0.0.9', `via ${v4('10.0.0.2')}\\nvia ${v4('10.0.0.9')}`],
    ['Pod web/billing-7d9c6b5f4-x7k2p', `Pod ${name('web')}/${name('billing-7d9c6b5f4-x7k2p')}`],
    ['GET /api/v1/namespaces/web/pods/ledger-0', `GET /api/v1/namespaces/${name('web')}/pods/${name('ledger-0')}`],
    ['WORKER-1', node],
    ['affinity=host:worker-1.prod.acme.systems:', `affinity=host:${text('worker-1.prod.acme.systems')}:`],
    ['ip:fd5f::3', `ip:${v6('fd5f::3')}`],
    ['a:10.0.0.2:179', `a:${v4('10.0.0.2')}:179`],
    [
      '0: 0200000A:00B3 00000000:0000 0A',
      `0: ${Buffer.from(v4('10.0.0.2').split('.').map(Number).toReversed()).toString('hex').toUpperCase()}:00B3 00000000:0000 0A`,
    ],
    ['titan said', `${name('titan')} said`],
    ['nodeName: worker', `nodeName: ${name('worker')}`],
    ['node worker: timeout', `node ${name('worker')}: timeout`],
    ['ip-10-0-0-5.eu-west-1.compute.internal', name('ip-10-0-0-5.eu-west-1.compute.internal')],
  ])('%s', (before, after) => expect(text(before)).toEqual(after))

  test.each([
    ['k8s-pod-network.0937befca8ae864695303b1b5f23668f2ff3b69cbcce91c2bdcf74a9fa12ab9a', /^k8s-pod-network\.(?!0937)[0-9a-f]{64}$/],
    ['azure:///subscriptions/5f0c1d3e-7a52/resourceGroups/shop/virtualMachines/worker-1', /^azure:\/\/\/cloud-[0-9a-f]{8}$/],
    ['ann.smith@acme.com', /^user-[0-9a-f]{8}@domain-\d+\.example$/],
    ['https://apiserver:6443/api', /^https:\/\/domain-\d+\.example:6443\/api$/],
    ['https://api.prod.acme.systems:6443', /^https:\/\/host-\d+\.host-\d+\.domain-\d+\.example:6443$/],
    ['registry.acme.com/calico/node:v3.31.2', /^host-\d+\.domain-\d+\.example\/calico\/node:v3\.31\.2$/],
  ])('%s', (before, after) => expect(text(before)).toMatch(after))
})

test.each([
  'a node was ready, the worker of the web calico default app',
  'calico-node-x7k2p',
  'kube-system',
  'namespace: default',
  'name: calico',
  'name: default',
  'https://127.0.0.1:6443',
  '169.254.1.1',
  'fe80::1/64',
  '0.0.0.0/0',
  '255.255.255.0',
  '::',
  '::1/128',
  '224.0.0.5',
  '192.0.2.7',
  'felix/int_dataplane.go 1234: done',
  '/etc/calico/confd/config/bird.cfg',
  'net.ipv4.conf.all.rp_filter=1',
  'wireguard.cali vxlan.calico',
  'quay.io/calico/node:v3.31.2',
  'crd.projectcalico.org/v1',
  'kubernetes.default.svc.cluster.local',
  'app.kubernetes.io/name',
  '2026-11-21T06:19:35.954Z 06:19:35 2026-11-21',
  'v1.33.5 5.15.0-91-generic 1.2.3.4.5 4.18.0-477.10.1.el8_8.x86_64',
  '7783-7084-3265-9085-8269-3286-77',
  '5f0c1d3e-7a52-4b7e-9d0b-2f6f6c1f8e11',
  'eth0 tunl0 a1 b2 00:00:00:00:00:00',
  'BGP master up Established',
  'sha256:0937befca8ae864695303b1b5f23668f2ff3b69cbcce91c2bdcf74a9fa12ab9a',
])('nobody’s, and so as it was: %s', words => expect(text(words)).toBe(words))

test('words, numbers and pieces of hexadecimal are replaced where a field names them', () => {
  for (const field of ['node: worker', '"nodeName":"worker"', 'hostname=worker', '/nodes/worker/', 'affinity: host:worker'])
    expect(text(field)).toBe(field.replace('worker', name('worker')))
  expect(text('"namespace":"web"')).toBe(`"namespace":"${name('web')}"`)
  expect(text('nodeName: default')).toBe(`nodeName: ${name('default')}`)
})

test('any text: no crash, the same again, nothing left of what is replaced everywhere, and the same count of lines', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'worker-1',
      '10.0.0.2',
      'fd5f::3',
      'titan',
      '\\n',
      '\n',
      ' ',
      '/',
      '"',
      ':',
      '_',
      '-',
      '.',
      '@',
      '%2F',
      'Mesh_10_0_0_2',
      'https://',
      'acme-shop',
      '/26',
      'azure:///',
    ),
  )
  fc.assert(
    fc.property(fc.array(piece, {maxLength: 20}), pieces => {
      const before = pieces.join('')
      const after = text(before)
      expect(text(before)).toBe(after)
      expect(after.split('\n').length).toBe(before.split('\n').length)
      harvestText(before, {...harvest, names: noNames()})
    }),
    {numRuns: 200},
  )
})

test('takes linear time of any word', () => {
  const started = performance.now()
  for (const part of ['10.', '1-', 'a.', '_', ':', 'worker-', '0:', '-k8s-', 'a@', 'fd00-']) for (const count of [100, 200_000]) text(`${part.repeat(count)}z`)
  expect(performance.now() - started).toBeLessThan(3_000)
})
