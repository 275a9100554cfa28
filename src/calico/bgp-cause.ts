import type {BgpSession, BgpSessionDetail} from './bgp-session.ts'

/** Why a session is not Established. `starting`: BIRD is about to, and nothing went wrong yet; `passive`: waits to be called, so the other end knows why. */
export type BgpCause =
  | 'refused'
  | 'no-route'
  | 'filtered'
  | 'password'
  | 'password-or-filtered'
  | 'bad-peer-as'
  | 'bad-identifier'
  | 'hold-timer'
  | 'closed'
  | 'no-address'
  | 'no-listener'
  | 'incompatible'
  | 'limit'
  | 'admin-down'
  | 'passive'
  | 'starting'
  | 'unknown'
export interface CauseOf {
  readonly cause: BgpCause
  /** Ends a sentence about this end of the session: `nothing listens on TCP 179 there`. */
  readonly words: string
}

/** Texts of errno and NOTIFICATIONs as BIRD 1.3 to 3 print them after the state word (bird: proto/bgp/bgp.c, packets.c). The first that fits counts. */
const texts: readonly (readonly [RegExp, BgpCause, string])[] = [
  [/^BGP Error: Bad peer AS/, 'bad-peer-as', 'the peer announces another AS than this end is configured to expect'],
  [/Bad peer AS/, 'bad-peer-as', 'the peer expects another AS of this end'],
  [/Bad BGP identifier/, 'bad-identifier', 'both ends have one router id'],
  [/Kernel MD5 auth failed|Authentication failure/, 'password', 'the BGP passwords of the two ends differ'],
  [/Connection refused/, 'refused', 'nothing listens for BGP there, or a firewall rejects it'],
  [
    /No route to host|Network is (?:unreachable|down)|Host is (?:unreachable|down)|Neighbor lost|Link down/,
    'no-route',
    'there is no way through, or a firewall rejects it',
  ],
  [/Permission denied|Operation not permitted/, 'filtered', 'a route or the firewall of this end forbids it'],
  [/timed out/, 'filtered', 'nobody answers'],
  [/Cannot assign requested address/, 'no-address', 'this end does not have the address that it should call from'],
  [/No listening socket|Address already in use/, 'no-listener', 'this end cannot listen: another program has its port'],
  [/Route limit exceeded|Maximum number of prefixes/, 'limit', 'more routes came than are allowed'],
  [/Administrative shutdown|Peer de-configured|Administrative reset/, 'admin-down', 'it was shut down on purpose'],
  [/capability|Unsupported|No supported AFI|Unacceptable hold time|Invalid OPEN/, 'incompatible', 'the two ends cannot agree on how to talk'],
  [/Connection (?:closed|rejected|reset)|Broken pipe/, 'closed', 'the peer hangs up: it has no session for this end’s address, or is just starting'],
  [/^Received: Hold timer expired/, 'hold-timer', 'the peer heard nothing from this end while the session was up'],
  [/Hold timer expired/, 'hold-timer', 'the peer fell silent while the session was up'],
  [/Connection collision resolution/, 'starting', 'both ends called, and one of the two calls was given up'],
  [/^Error: Graceful restart/, 'starting', 'the peer is restarting'],
]
/** Without an error text, the state alone. Calls that nobody answers stay in Connect; Active without an error is the wait before the first call (`connect delay time`). */
const states: Readonly<Record<string, readonly [BgpCause, string]>> = {
  Connect: ['filtered', 'nobody answers'],
  Passive: ['passive', 'it waits to be called'],
  Active: ['starting', 'it is about to call'],
  OpenSent: ['starting', 'the two ends are greeting each other'],
  OpenConfirm: ['starting', 'the two ends are greeting each other'],
}

/** Why this session is down, from what this end says. `password`: a password is configured for it; TCP MD5 drops what does not match without a word. */
export function causeOf(session: BgpSession, detail?: BgpSessionDetail, {password = false}: {readonly password?: boolean} = {}): CauseOf {
  const found = causeInText(session, session.error || (detail?.lastError ?? ''))
  if (found.cause !== 'filtered' || !password) return found
  return {cause: 'password-or-filtered', words: 'nobody answers: the passwords differ, or a firewall drops it'}
}

function causeInText({state, bgpState}: BgpSession, error: string): CauseOf {
  const [, cause, words] = texts.find(([pattern]) => pattern.test(error)) ?? []
  // BIRD keeps the last error: what it says of a session that was lost is past once the new calls go unanswered.
  if ((cause === 'hold-timer' || cause === 'starting') && bgpState === 'Connect')
    return {cause: 'filtered', words: 'the session was lost, and nobody answers since'}
  if (cause !== undefined && words !== undefined) return {cause, words}
  if (state === 'down') return {cause: 'admin-down', words: error || 'it is disabled'}
  if (state === 'stop' || state === 'flush') return {cause: 'starting', words: 'it is being restarted'}
  const known = error === '' && Object.hasOwn(states, bgpState) ? states[bgpState] : undefined
  return known ? {cause: known[0], words: known[1]} : {cause: 'unknown', words: [bgpState, error].filter(Boolean).join(' ') || `state ${state}`}
}
