import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterAll, describe, expect, test} from 'vitest'
import cniConfig, {readCniConfig} from '../../src/collectors/node/cni-config.ts'
import {readMtuFile} from '../../src/collectors/node/mtu-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'cni-'))
afterAll(() => rmSync(folder, {recursive: true}))

describe('/var/lib/calico/mtu', () => {
  const read = (stdout: string, exit = 0, stderr = '') => readMtuFile({stdout, exit, stderr})
  test('a number', () => expect(read('1450\n')).toEqual({known: true, value: 1450}))
  test('no file', () => expect(read('', 1, 'cat: /var/lib/calico/mtu: No such file or directory\n')).toMatchObject({why: 'absent'}))
  test('no right', () => expect(read('', 1, 'cat: /var/lib/calico/mtu: Permission denied\n')).toMatchObject({why: 'failed'}))
  test.each(['', 'x', '-1', '1e3', '14 50', '99999999999'])('%j is failed', text => expect(read(text)).toMatchObject({why: 'failed'}))
  test('never throws', () => fc.assert(fc.property(fc.string(), fc.string(), fc.nat(3), (stdout, stderr, exit) => void read(stdout, exit, stderr))))
})

describe('CNI configuration', () => {
  /** Runs the very command on a folder of ours. */
  const asked = (files: Record<string, string>) => {
    const net = mkdtempSync(join(folder, 'net-'))
    for (const [name, content] of Object.entries(files)) writeFileSync(join(net, name), content)
    const [command, ...args] = cniConfig.probe.tries[0]
    return spawnSync(command!, [...args.slice(0, -1), net], {encoding: 'utf8', env: {LC_ALL: 'C', PATH: process.env.PATH}})
  }
  const conflist = (fields: object) => JSON.stringify({name: 'k8s-pod-network', plugins: [{type: 'calico', ...fields}, {type: 'portmap'}]}, null, 2)

  test('mtu and datastore, and nothing that is secret', () => {
    const {stdout, stderr} = asked({
      '10-calico.conflist': conflist({mtu: 1440, datastore_type: 'kubernetes', etcd_key: 's3cret', etcd_endpoints: 'https://u:p@h'}),
    })
    expect(stdout).not.toMatch(/s3cret|u:p/)
    expect(readCniConfig({stdout, stderr})).toEqual({known: true, value: {mtu: 1440, datastoreType: 'kubernetes'}})
  })
  test('compact JSON', () => {
    expect(readCniConfig(asked({'10-canal.conflist': '{"plugins":[{"type":"calico","mtu":0,"datastore_type":"etcdv3"}]}'}))).toMatchObject({
      value: {mtu: 0, datastoreType: 'etcdv3'},
    })
  })
  test('a file without mtu is seen, and automatic', () => expect(readCniConfig(asked({'10-calico.conflist': conflist({})}))).toEqual({known: true, value: {}}))
  test('the file that sorts first is the one in force', () => {
    expect(readCniConfig(asked({'20-calico.conflist': conflist({mtu: 1}), '10-calico.conflist': conflist({mtu: 1400})}))).toMatchObject({value: {mtu: 1400}})
  })
  test("another plugin's file, and a template, are not ours", () => {
    expect(readCniConfig(asked({'10-flannel.conflist': conflist({mtu: 9}), 'calico.conflist.template': conflist({mtu: 9})}))).toMatchObject({why: 'absent'})
  })
  test('a folder that is not mounted', () => {
    const stderr = 'grep: /host/etc/cni/net.d: No such file or directory\n'
    expect(readCniConfig({stdout: '', stderr})).toMatchObject({why: 'absent', detail: expect.stringContaining('not mounted')})
  })
  test('a grep that refuses', () => expect(readCniConfig({stdout: '', stderr: 'grep: unrecognized option'})).toMatchObject({why: 'failed'}))
  test('never throws', () => fc.assert(fc.property(fc.string(), fc.string(), (stdout, stderr) => void readCniConfig({stdout, stderr}))))
})
