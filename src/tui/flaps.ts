import type {SessionRow} from '../calico/node-status-model.ts'
import type {NodeBgp} from './model.ts'
import type {Flaps, NodeEntry} from './state.ts'

/** A session of a node, the same in every round. Two sessions to one address (mesh and explicit peer) differ in type. */
export const sessionKey = ({family, peerAddress, peerPort, peerType}: SessionRow): string => `${family} ${peerAddress} ${peerPort ?? ''} ${peerType}`

/**
 * Flaps of a node's sessions after one more look: a session that was established and is down now, or that is established since another time than before,
 * so that it went and came back between two looks.
 */
export function flapsAfter({bgp, flaps}: NodeEntry, now: NodeBgp, at: number): NodeEntry['flaps'] {
  if (!bgp.value) return flaps
  const before = new Map(bgp.value.rows.map(row => [sessionKey(row), row]))
  const fell = now.rows.flatMap(row => {
    const key = sessionKey(row)
    const old = before.get(key)
    return old && hasFlapped(old, row) ? [key] : []
  })
  return fell.length === 0 ? flaps : {...flaps, ...Object.fromEntries(fell.map(key => [key, once(flaps[key], at)]))}
}

const once = (flaps: Flaps | undefined, at: number): Flaps => ({count: (flaps?.count ?? 0) + 1, last: at})

function hasFlapped(before: SessionRow, now: SessionRow): boolean {
  if (before.status !== 'established') return false
  return now.status === 'established' ? isYounger(before.since, now.since) : true
}

/**
 * BIRD prints the time of day for 20 hours and then the date (nest/proto.c), so a date that follows a time is the same moment grown old. BIRD 1.6 reckons
 * that time from a clock of whole seconds, and prints one second more or less from look to look.
 */
function isYounger(before: string, now: string): boolean {
  if (before === now) return false
  const [old, young] = [secondsOf(before), secondsOf(now)]
  if (young === undefined) return old === undefined && /^\d{4}-/.test(before) && now > before
  return old === undefined || Math.min(Math.abs(young - old), 86_400 - Math.abs(young - old)) > 2
}

function secondsOf(since: string): number | undefined {
  const match = /^(\d\d):(\d\d):(\d\d)/.exec(since)
  return match ? Number(match[1]) * 3_600 + Number(match[2]) * 60 + Number(match[3]) : undefined
}
