import {badRequest, StatusError, statusOf, unreasoned} from './status.ts'

/** A list may ask for a resourceVersion that is `now` or older. Throws StatusError for what is no number, and for what is yet to come. */
export function requireVersion(query: URLSearchParams, now: string): void {
  const wanted = query.get('resourceVersion') ?? ''
  if (wanted === '') return
  if (!isVersion(wanted)) throw badRequest(`invalid resource version: ${noVersion(wanted)}`)
  if (Number(wanted) > Number(now)) throw tooLarge(wanted, now)
}

/** A watch reads it late, where an error is none of the API's own. */
export function requireWatchVersion(query: URLSearchParams): void {
  const wanted = query.get('resourceVersion') ?? ''
  if (wanted !== '' && !isVersion(wanted)) throw new StatusError(unreasoned(noVersion(wanted)))
}

const isVersion = (text: string) => /^\d+$/.test(text)
const noVersion = (text: string) =>
  `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`

/** The real server waits three seconds for it to come (storage/cacher: blockTimeout). */
function tooLarge(wanted: string, now: string): StatusError {
  const details = {causes: [{reason: 'ResourceVersionTooLarge', message: 'Too large resource version'}], retryAfterSeconds: 1}
  return new StatusError(statusOf(504, `Timeout: Too large resource version: ${wanted}, current: ${now}`, details))
}
