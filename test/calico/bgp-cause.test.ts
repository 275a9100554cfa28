import fc from 'fast-check'
import {expect, test} from 'vitest'
import {causeOf} from '../../src/calico/bgp-cause.ts'
import type {BgpSession} from '../../src/calico/bgp-session.ts'
import {readProtocols} from '../../src/calico/bird-protocols.ts'

const session = (info: string, state = 'start'): BgpSession => {
  const bird = readProtocols(`name proto table state since info\nMesh_10_0_0_2 BGP master ${state} 10:00:00 ${info}`, 4)
  if (!bird.running || !bird.sessions[0]) throw new Error(info)
  return bird.sessions[0]
}

test.each([
  ['Active        Socket: Connection refused', 'refused'],
  ['Connect       Socket: Connection refused', 'refused'],
  ['Active        Socket: No route to host', 'no-route'],
  ['Connect       Socket: Network is unreachable', 'no-route'],
  ['Idle          Error: Neighbor lost', 'no-route'],
  ['Connect       ', 'filtered'],
  ['Connect       Socket: Connection timed out', 'filtered'],
  ['Active        Socket: Operation timed out', 'filtered'],
  ['Active        Socket: Operation not permitted', 'filtered'],
  ['Connect       BGP Error: Hold timer expired', 'filtered'],
  ['Idle          BGP Error: Hold timer expired', 'hold-timer'],
  ['OpenConfirm   Received: Hold timer expired', 'hold-timer'],
  ['Passive       BGP Error: Hold timer expired', 'hold-timer'],
  ['Active        Error: Graceful restart', 'starting'],
  ['Connect       Error: Graceful restart', 'filtered'],
  ['Active        Received: Connection collision resolution', 'starting'],
  ['Idle          BGP Error: Bad peer AS', 'bad-peer-as'],
  ['OpenSent      Received: Bad peer AS', 'bad-peer-as'],
  ['Passive       BGP Error: Bad BGP identifier', 'bad-identifier'],
  ['Active        Error: Kernel MD5 auth failed', 'password'],
  ['Idle          Received: Authentication failure', 'password'],
  ['Active        Socket: Connection closed', 'closed'],
  ['Active        Socket: Connection reset by peer', 'closed'],
  ['Idle          Received: Connection rejected', 'closed'],
  ['Active        Socket: Cannot assign requested address', 'no-address'],
  ['Idle          Error: No listening socket', 'no-listener'],
  ['Idle          Received: Required capability missing', 'incompatible'],
  ['Idle          BGP Error: Unacceptable hold time', 'incompatible'],
  ['Idle          Received: Maximum number of prefixes reached', 'limit'],
  ['Idle          Received: Administrative shutdown', 'admin-down'],
  ['Idle          Received: Peer de-configured', 'admin-down'],
  ['Passive       ', 'passive'],
  ['Active        ', 'starting'],
  ['OpenSent      ', 'starting'],
  ['OpenConfirm   ', 'starting'],
  ['Idle          ', 'unknown'],
  ['Close         ', 'unknown'],
  ['Idle          Received: Unknown error 6.11', 'unknown'],
  ['Idle          BGP Error: Invalid UPDATE message', 'unknown'],
])('%s is %s', (info, cause) => expect(causeOf(session(info))).toMatchObject({cause}))

test.each([
  ['', 'down', 'admin-down'],
  ['Automatic shutdown: Route limit exceeded', 'down', 'limit'],
  ['Received: Administrative shutdown', 'down', 'admin-down'],
  ['', 'stop', 'starting'],
  ['', 'flush', 'starting'],
  ['', 'start', 'unknown'],
])('%j of a protocol that is %s', (info, state, cause) => expect(causeOf(session(info, state))).toMatchObject({cause}))

test('who fell silent is told by who says it', () => {
  expect(causeOf(session('Idle BGP Error: Hold timer expired')).words).toBe('the peer fell silent while the session was up')
  expect(causeOf(session('Idle Received: Hold timer expired')).words).toBe('the peer heard nothing from this end while the session was up')
})
test('the last error of the details counts where the row has none', () => {
  expect(causeOf(session('Connect'), {name: 'Mesh_10_0_0_2', lastError: 'Socket: Connection refused'})).toMatchObject({cause: 'refused'})
})
test('a password makes silence ambiguous, and nothing else', () => {
  expect(causeOf(session('Connect'), undefined, {password: true})).toMatchObject({cause: 'password-or-filtered'})
  expect(causeOf(session('Active Socket: Connection refused'), undefined, {password: true})).toMatchObject({cause: 'refused'})
})
test('any session has a cause and words', () => {
  const text = fc.string()
  fc.assert(
    fc.property(text, text, text, (state, bgpState, error) => {
      const {cause, words} = causeOf({name: 'x', family: 4, type: 'other', peer: '', state, since: '', bgpState, error})
      expect(cause).toMatch(/^[a-z-]+$/)
      expect(words.length).toBeGreaterThan(0)
    }),
  )
})
