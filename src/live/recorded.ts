import type {FeedEvent} from '../tui/events.ts'

/** First line of a recording. It rises when an older reader would show the new events wrongly. */
export const recordingVersion = 1

/** A line of a recording: what a feed told, and when (milliseconds since 1970). */
export interface Recorded {
  readonly at: number
  readonly event: FeedEvent
}

/** JSON knows no Infinity, and an IPv6 pool holds more addresses than a number. */
const infinite = 'Infinity'
const isInfinite = (value: unknown) => value === Number.POSITIVE_INFINITY
const infinitable = new Set(['size', 'maxBlocks'])

export const headerLine = (tool: string): string => `${JSON.stringify({recording: recordingVersion, tool})}\n`
export const lineOf = (recorded: Recorded): string => `${JSON.stringify(recorded, (_key, value) => (isInfinite(value) ? infinite : value))}\n`

/** undefined for what is no such line. */
export function recordedOf(line: string): Recorded | undefined {
  const value = jsonOf(line)
  if (typeof value !== 'object' || value === null || !('at' in value) || !('event' in value)) return undefined
  const {at, event} = value
  const isEvent = typeof event === 'object' && event !== null && 'type' in event && types.has(String(event.type))
  return typeof at === 'number' && isEvent ? (value as Recorded) : undefined
}

/** Of the first line; undefined when it is none. */
export function recordingOf(line: string): number | undefined {
  const value = jsonOf(line)
  return typeof value === 'object' && value !== null && 'recording' in value && typeof value.recording === 'number' ? value.recording : undefined
}

/** Events that a feed of a cluster tells. What belongs to the playing is the player's. */
const types: ReadonlySet<string> = new Set(['cluster', 'looks', 'felix', 'typha', 'ipam', 'report', 'api', 'told'] satisfies FeedEvent['type'][])
export const isRecorded = ({type}: FeedEvent): boolean => types.has(type)

/** What a round begins with: the state of the API, or that it is lost. */
export const beginsRound = ({type}: FeedEvent): boolean => type === 'cluster' || type === 'api'

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line, (key, value) => (value === infinite && infinitable.has(key) ? Number.POSITIVE_INFINITY : value))
  } catch {
    return undefined
  }
}
