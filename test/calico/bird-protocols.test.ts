import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {BgpSession, Bird} from '../../src/calico/bgp-session.ts'
import {readProtocols} from '../../src/calico/bird-protocols.ts'
import {BirdFormatError} from '../../src/calico/bird-text.ts'

const fixture = (name: string) => readFileSync(new URL(`../fixtures/bird/${name}.txt`, import.meta.url), 'utf8')
const head = 'BIRD v0.3.3+birdv1.6.8 ready.\nname     proto    table    state  since       info\n'
const sessionsOf = (bird: Bird) => (bird.running ? bird.sessions : [])
const read = (text: string, family: 4 | 6 = 4) => sessionsOf(readProtocols(text, family))
const rowOf = (row: string) => read(head + row)[0]
const short = ({peer, bgpState, error}: BgpSession) => [peer, bgpState, error].filter(Boolean).join(' ')

describe('answers of real daemons', () => {
  test('a mesh, by birdcl and raw, alone and with details', () => {
    const mesh = read(fixture('mesh'))
    expect(mesh.map(short)).toEqual(['10.0.0.2 Established', '10.0.0.3 Established', '10.0.0.4 Established'])
    expect(mesh[0]).toMatchObject({name: 'Mesh_10_0_0_2', family: 4, type: 'mesh', peer: '10.0.0.2', state: 'up', bgpState: 'Established', error: ''})
    expect(mesh[0]!.since).toMatch(/^\d\d:\d\d:\d\d$/)
    expect(mesh[0]).not.toHaveProperty('port')
    for (const name of ['mesh-all', 'mesh-raw', 'mesh-raw-all']) expect(read(fixture(name)), name).toEqual(mesh)
    expect(readProtocols(fixture('mesh'), 4)).toMatchObject({running: true, version: '1.6.8'})
    expect(readProtocols(fixture('mesh-raw'), 4)).toMatchObject({running: true, version: '1.6.8'})
  })
  test('bird6', () => expect(read(fixture('mesh-v6'), 6).map(short)).toEqual(['fd00:10::2 Established', 'fd00:10::3 Established', 'fd00:10::4 Established']))
  test('a node that peers with a reflector and more', () => {
    const sessions = read(fixture('reflector-client'))
    expect(sessions.map(session => [session.type, session.port ?? 179, short(session), session.state])).toEqual([
      ['node', 179, '10.0.0.3 Established', 'up'],
      ['global', 179, '10.0.0.99 Active Socket: No route to host', 'start'],
      ['global', 179, '10.0.0.3 Idle', 'start'],
      ['node', 1790, '10.0.0.3 Active Socket: Connection refused', 'start'],
      ['local-workload', 179, '10.0.0.4 Passive', 'start'],
      ['other', 179, '', 'down'],
    ])
    expect(sessions[0]!.since).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(sessions[5]).toMatchObject({name: 'uplink', peer: '', bgpState: '', error: ''})
  })
  test.each([
    ['refused', '10.0.0.1 Active Socket: Connection refused'],
    ['hold-timer', '10.0.0.1 Connect BGP Error: Hold timer expired'],
    ['bad-peer-as', /^10\.0\.0\.2 \w+ BGP Error: Bad peer AS$/],
    ['bad-peer-as-received', /^10\.0\.0\.1 \w+ Received: Bad peer AS$/],
  ])('%s', (name, said) => expect(read(fixture(name)).map(short)).toEqual([expect.stringMatching(said)]))
  test('no BGP at all is an empty list', () => expect(readProtocols(fixture('no-peers'), 4)).toEqual({running: true, version: '1.6.8', sessions: []}))
  test('BIRD 2: both families in one daemon, milliseconds, dates with times', () => {
    const sessions = read(fixture('bird2'))
    expect(sessions.map(({family, type, bgpState}) => [family, type, bgpState])).toEqual([
      [4, 'mesh', 'Established'],
      [6, 'mesh', 'Established'],
      [4, 'mesh', 'Passive'],
      [6, 'mesh', 'Passive'],
      [4, 'mesh', 'Passive'],
      [6, 'mesh', 'Passive'],
      [4, 'other', ''],
    ])
    expect(sessions[0]!.since).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/)
    expect(read(fixture('bird2-long'))[0]).toMatchObject({since: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/), bgpState: 'Established'})
    expect(readProtocols(fixture('bird2'), 4)).toMatchObject({version: '2.0.12'})
  })
})

describe('rows', () => {
  const row = (info: string) => rowOf(`Mesh_10_0_0_2 BGP      master   start  2017-08-05  ${info}`)
  test.each([
    ['Idle          BGP Error: Bad BGP identifier', 'Idle', 'BGP Error: Bad BGP identifier'],
    ['Active        Socket: Connection closed', 'Active', 'Socket: Connection closed'],
    ['OpenConfirm   Received: Connection rejected', 'OpenConfirm', 'Received: Connection rejected'],
    ['Connect       Error: Kernel MD5 auth failed', 'Connect', 'Error: Kernel MD5 auth failed'],
    ['Idle          Received: Unknown error 6.11', 'Idle', 'Received: Unknown error 6.11'],
    ['OpenSent      ', 'OpenSent', ''],
    ['Passive', 'Passive', ''],
    ['Close         ', 'Close', ''],
    ['Automatic shutdown: Route limit exceeded', '', 'Automatic shutdown: Route limit exceeded'],
    ['Received: Administrative shutdown', '', 'Received: Administrative shutdown'],
    ['BGP Error: Hold timer expired', '', 'BGP Error: Hold timer expired'],
    ['Error: No listening socket', '', 'Error: No listening socket'],
    ['', '', ''],
  ])('info %j', (info, bgpState, error) => expect(row(info)).toMatchObject({bgpState, error}))

  test.each([
    ['Mesh_10_0_0_2', {type: 'mesh', family: 4, peer: '10.0.0.2'}],
    ['Node_10_0_0_9_port_500', {type: 'node', family: 4, peer: '10.0.0.9', port: 500}],
    ['Global_2001__104', {type: 'global', family: 6, peer: '2001::104'}],
    ['Mesh_fdf5_10__4', {type: 'mesh', family: 6, peer: 'fdf5:10::4'}],
    ['Node_fd5f__3_port_500', {type: 'node', family: 6, peer: 'fd5f::3', port: 500}],
    ['Mesh_fd80_24e2_f998_72d7__2', {type: 'mesh', family: 6, peer: 'fd80:24e2:f998:72d7::2'}],
    ['Mesh_2001_db8_0_1_2_3_4_5', {type: 'mesh', family: 6, peer: '2001:db8:0:1:2:3:4:5'}],
    ['Global___1', {type: 'global', family: 6, peer: '::1'}],
    ['Local_Workload_10_0_0_7', {type: 'local-workload', family: 4, peer: '10.0.0.7'}],
    ['Local_Workload_10_0_0_7_port_1790', {type: 'local-workload', family: 4, peer: '10.0.0.7', port: 1790}],
    ['uplink', {type: 'other', family: 4, peer: ''}],
    ['Mesh_spine', {type: 'other', family: 4, peer: ''}],
    ['Mesh_10_0_0', {type: 'other', family: 4, peer: ''}],
    ['Mesh_fd00__1__2', {type: 'other', family: 4, peer: ''}],
    ['Local_10_0_0_7', {type: 'other', family: 4, peer: ''}],
    [`Mesh_${'1_'.repeat(500)}1`, {type: 'other', family: 4, peer: ''}],
  ])('name %.40s', (name, said) => {
    const session = rowOf(`${name} BGP      ---        up     16:24:18.359  Established   `)
    expect(session).toMatchObject(said)
    expect('port' in session!).toBe('port' in said)
  })

  test('a name without an address has the family of the daemon', () => {
    expect(read(`${head}uplink BGP master up 10:00:00 Established`, 6)).toMatchObject([{family: 6}])
  })
  test('dates of every kind', () => {
    for (const since of ['03:25:27', '3:25:27', '03:25', '16:24:18.359', '2017-08-05', '2017-08-05 03:25:27', '2017-08-05T03:25:27.123', '05-08-2017']) {
      expect(rowOf(`Mesh_10_0_0_2 BGP master up ${since} Established`)).toMatchObject({since, bgpState: 'Established'})
    }
  })
})

describe('what people and terminals put around it', () => {
  const text = `${head}Mesh_10_0_0_2 BGP      master   start  03:25:27    Active        Socket: Connection refused\n`
  const whole = readProtocols(text, 4)
  test.each([
    ['CRLF', text.replaceAll('\n', '\r\n')],
    ['comment signs', text.replaceAll(/^/gm, '#   ')],
    ['tabs', text.replaceAll(/ {2,}/g, '\t')],
    ['no last newline', text.trimEnd()],
    ['words of kubectl', `Defaulted container "calico-node" out of: calico-node, install-cni (init)\n${text}`],
    ['a prompt and a command', `[root@n1 ~]# birdcl -s /var/run/calico/bird.ctl show protocols\n${text}[root@n1 ~]# \n`],
    ['blank lines', `\n\n${text}\n\n`],
    ['restricted client', text.replace('ready.\n', 'ready.\nAccess restricted\n')],
  ])('%s', (_name, pasted) => expect(readProtocols(pasted, 4)).toEqual(whole))
  test('no banner', () => expect(readProtocols(text.slice(text.indexOf('\n') + 1), 4)).toEqual({running: true, sessions: sessionsOf(whole)}))
  test('rows alone', () => expect(read(`$birdcl show protocols | grep 10.39\n${text.split('\n')[2]}`)).toEqual(sessionsOf(whole)))
})

describe('is no answer, so unknown and not "no sessions"', () => {
  test.each([
    ['nothing', ''],
    ['blanks', ' \n\t\n'],
    ['a banner alone', 'BIRD 1.6.8 ready.\n'],
    ['access denied', fixture('access-denied')],
    ['an error of BIRD', fixture('refused-raw')],
    ['an unknown protocol', fixture('no-such-protocol')],
    ['no daemon', fixture('dead-socket')],
    ['another program', 'Calico process is running.\n\nIPv4 BGP status\nNo IPv4 peers found.\n'],
    ['another header', 'name proto table state since uptime info\n'],
    ['a shell', 'sh: 1: birdcl: not found\n'],
    ['a row that was cut', `${head}Mesh_10_0_0_2 BGP      master   up     03:25:27    Established\nMesh_10_0_0_3 BG`],
    ['a row without its time', `${head}Mesh_10_0_0_3 BGP      master   up`],
    ['a state that we do not know', `${head}Mesh_10_0_0_3 BGP      master   limbo  03:25:27    Established`],
    ['a raw answer without its end', fixture('mesh-raw').replace('0000', '    ')],
    ['a raw answer cut after a row', fixture('mesh-raw').split('\n').slice(0, 7).join('\n')],
    ['a raw answer cut after the header', fixture('mesh-raw').split('\n').slice(0, 2).join('\n')],
  ])('%s', (_name, text) => expect(() => readProtocols(text, 4)).toThrow(BirdFormatError))
  test('says what it met', () => {
    expect(() => readProtocols(fixture('access-denied'), 4)).toThrow('no answer to "show protocols": Access restricted')
    expect(() => readProtocols(fixture('refused-raw'), 4)).toThrow('BIRD refused: syntax error')
  })
})

describe('any text', () => {
  const words = [
    'Mesh_10_0_0_2',
    'BGP',
    'master',
    '---',
    'start',
    'up',
    '03:25:27',
    'Established',
    'Socket:',
    '1002-',
    '0000 ',
    '0001 BIRD 1 ready.',
    ' ',
    '\n',
    '\r\n',
    '\t',
  ]
  const texts = fc.oneof(
    fc.string({unit: 'binary', maxLength: 300}),
    fc.array(fc.oneof(fc.constantFrom(...words), fc.string({maxLength: 5})), {maxLength: 80}).map(parts => parts.join(' ')),
    fc.array(fc.constantFrom(...fixture('reflector-client-all').split('\n')), {maxLength: 40}).map(lines => lines.join('\n')),
  )
  test('is read or refused, and nothing else is thrown', () => {
    fc.assert(
      fc.property(texts, text => {
        try {
          for (const session of read(text))
            expect(session).toMatchObject({name: expect.stringMatching(/\S/), state: expect.any(String), peer: expect.any(String)})
        } catch (error) {
          expect(error).toBeInstanceOf(BirdFormatError)
        }
      }),
      {numRuns: 2_000},
    )
  })
  test.each([
    ['one long word', 'x'.repeat(1_000_000)],
    ['blanks', ' '.repeat(1_000_000)],
    ['newlines', '\n'.repeat(1_000_000)],
    ['words', 'a '.repeat(500_000)],
    ['one long row', `Mesh_10_0_0_2 BGP master start 03:25:27 Idle Received: ${'x '.repeat(500_000)}`],
    ['one long name', `Mesh_${'1_'.repeat(500_000)} BGP master start 03:25:27 Idle`],
    ['codes', '1002-'.repeat(200_000)],
    ['port after port', `Node_${'1_port_1'.repeat(100_000)} BGP master start 03:25:27 Idle`],
  ])('does not hang: 1 MB of %s', (_name, text) => {
    const started = performance.now()
    for (const whole of [text, head + text]) {
      try {
        const session = read(whole)[0]
        expect((session?.name.length ?? 0) + (session?.error.length ?? 0)).toBeLessThan(5_000)
      } catch (error) {
        expect(error).toBeInstanceOf(BirdFormatError)
      }
    }
    expect(performance.now() - started).toBeLessThan(3_000)
  })
})
