import type {SimulatedBird, SimulatedSession} from './simulated-node.ts'

/** What BIRD 1.6.8 prints through birdcl (nest/proto.c, nest/cmds.c, proto/bgp/bgp.c). */
const banner = ({version}: SimulatedBird) => `BIRD ${version} ready.\n`
const header = 'name     proto    table    state  since       info\n'

/** `%-8s %-8s %-8s %-5s  %-10s  %s` */
const row = (name: string, proto: string, table: string, state: string, since: string, info: string) =>
  `${name.padEnd(8)} ${proto.padEnd(8)} ${table.padEnd(8)} ${state.padEnd(5)}  ${since.padEnd(10)}  ${info}\n`

export const showProtocols = (bird: SimulatedBird): string =>
  banner(bird) +
  header +
  builtIns(bird)
    .map(({name, proto}) => row(name, proto, 'master', 'up', bird.lastReboot.slice(11), ''))
    .join('') +
  bird.sessions.map(sessionRow).join('')

export function showProtocolsAll(bird: SimulatedBird, name?: string): string {
  const ours = builtIns(bird).filter(one => name === undefined || one.name === name)
  const sessions = bird.sessions.filter(session => name === undefined || session.name === name)
  if (name !== undefined && ours.length + sessions.length === 0) return `${banner(bird)}${name} is not a protocol\n`
  const own = ours.map(({proto, ...one}) => `${row(one.name, proto, 'master', 'up', bird.lastReboot.slice(11), '')}${channel(one)}\n`)
  return banner(bird) + header + own.join('') + sessions.map(session => `${sessionRow(session)}${sessionDetail(session, bird)}\n`).join('')
}

export const showStatus = (bird: SimulatedBird): string =>
  `${banner(bird)}BIRD ${bird.version}
Router ID is ${bird.routerId}
Current server time is ${bird.serverTime}
Last reboot on ${bird.lastReboot}
Last reconfiguration on ${bird.lastReboot}
Daemon is up and running
`

/** All sessions that are not Established, one answer each, as a shell loop over birdcl prints them. */
export const showTroubled = (bird: SimulatedBird, most: number): string =>
  bird.sessions
    .filter(session => session.bgpState !== 'Established')
    .slice(0, most)
    .map(session => showProtocolsAll(bird, session.name))
    .join('')

interface Channel {
  readonly preference: number
  readonly filters: readonly [input: string, output: string]
  readonly routes: readonly [imported: number, exported: number, preferred: number]
}
function builtIns({sessions}: SimulatedBird): (Channel & {name: string; proto: string})[] {
  const learned = sessions.reduce((sum, {imported}) => sum + imported, 0)
  return [
    {name: 'static1', proto: 'Static', preference: 200, filters: ['ACCEPT', 'REJECT'], routes: [1, 0, 1]},
    {name: 'kernel1', proto: 'Kernel', preference: 10, filters: ['ACCEPT', 'calico_kernel_programming'], routes: [4, learned, 4]},
    {name: 'device1', proto: 'Device', preference: 240, filters: ['ACCEPT', 'REJECT'], routes: [0, 0, 0]},
    {name: 'direct1', proto: 'Direct', preference: 240, filters: ['ACCEPT', 'REJECT'], routes: [2, 0, 2]},
  ]
}

/** `%-14s` of the state word, then error class and message; with the protocol down the word is missing. */
function sessionRow(session: SimulatedSession): string {
  const {name, state, since, bgpState, error} = session
  return row(name, 'BGP', 'master', state, since, state === 'down' ? error : `${bgpState.padEnd(14)}${error}`)
}

function channel({preference, filters: [input, output], routes: [imported, exported, preferred]}: Channel): string {
  const number = (value: number) => String(value).padStart(11)
  const columns = (first: number, rejected: number | '---', filtered: number | '---', ignored: number | '---', accepted: number) =>
    number(first) + [rejected, filtered, ignored].map(value => String(value).padStart(11)).join('') + number(accepted)
  return `  Preference:     ${preference}
  Input filter:   ${input}
  Output filter:  ${output}
  Routes:         ${imported} imported, ${exported} exported, ${preferred} preferred
  Route change stats:     received   rejected   filtered    ignored   accepted
    Import updates:    ${columns(imported, 0, 0, 0, imported)}
    Import withdraws:  ${columns(0, 0, '---', 0, 0)}
    Export updates:    ${columns(exported + 4, 2, 2, '---', exported)}
    Export withdraws:  ${columns(0, '---', '---', '---', 0)}
`
}

function sessionDetail(session: SimulatedSession, bird: SimulatedBird): string {
  const {imported, exported, bgpState, peer, peerAs, error} = session
  const routes = {preference: 100, filters: ['ACCEPT', 'calico_export_to_bgp_peers'], routes: [imported, exported, imported]} as const
  const lastError = error === '' ? '' : `    Last error:       ${error}\n`
  return `  Description:    Connection to BGP peer
${channel(routes)}  BGP state:          ${session.state === 'down' ? 'Down' : bgpState}
    Neighbor address: ${peer}
    Neighbor AS:      ${peerAs}
${timers(session, bird)}${lastError}`
}

function timers(session: SimulatedSession, bird: SimulatedBird): string {
  if (session.state === 'down') return ''
  if (session.bgpState !== 'Established')
    return session.bgpState === 'Idle' ? '    Error wait:       2/5\n' : session.bgpState === 'Active' ? '    Connect delay:    1/2\n' : ''
  const kind = session.peerAs === bird.localAs ? 'internal' : 'external'
  const reflector = session.reflectorClient ? ' route-reflector' : ''
  return `    Neighbor ID:      ${session.peerId ?? session.peer}
    Neighbor caps:    refresh enhanced-refresh restart-able llgr-aware AS4 add-path-rx add-path-tx
    Session:          ${kind} multihop${reflector} AS4 add-path-rx add-path-tx
    Source address:   ${bird.sourceAddress}
    Hold timer:       172/240
    Keepalive timer:  41/80
`
}
