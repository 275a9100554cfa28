/** metav1.Status: how a kube-apiserver says no. */
export interface Status {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: object
  readonly status: 'Success' | 'Failure'
  readonly message?: string
  readonly reason?: string
  readonly details?: object
  readonly code?: number
}
/** An answer that is a Status. */
export class StatusError extends Error {
  readonly status: Status
  constructor(status: Status) {
    super(status.message)
    this.status = status
  }
}

/** An answer in plain words, of what stands beside the API proper: Go's ServeMux, or a kubelet whose answer is passed on. */
export class PlainError extends Error {
  readonly code: number
  constructor(code: number, text: string) {
    super(text)
    this.code = code
  }
}

const reasons: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

export const statusOf = (code: number, message: string, details?: object): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason: reasons[code] ?? 'Unknown',
  ...(details && {details}),
  code,
})

/** An error that is none of the API's own: a failed dial, a number that cannot be read late. The server gives it no reason (apiserver: ErrorToAPIStatus). */
export function unreasoned(message: string): Status {
  const {reason: _none, ...status} = statusOf(500, message)
  return status
}

export const badRequest = (message: string): StatusError => new StatusError(statusOf(400, message))
export const unauthorized = (): StatusError => new StatusError(statusOf(401, 'Unauthorized'))
export const noSuchPath = (): StatusError => new StatusError(statusOf(404, 'the server could not find the requested resource', {}))
/** Who is not the API's own mux: groups that nobody serves, all of custom resources, and paths outside of /api and /apis. */
export const pageNotFound = (): PlainError => new PlainError(404, '404 page not found\n')
export const notAllowed = (): StatusError => new StatusError(statusOf(405, 'the server does not allow this method on the requested resource', {}))
/** The server would name YAML and protobuf too; those are not simulated. */
export const notAcceptable = (message = 'only the following media types are accepted: application/json'): StatusError => new StatusError(statusOf(406, message))

export function notFound(group: string, resource: string, name: string): StatusError {
  return new StatusError(statusOf(404, `${qualified(group, resource)} "${name}" not found`, {name, ...(group !== '' && {group}), kind: resource}))
}

/** `pods`, `deployments.apps`. */
export const qualified = (group: string, resource: string): string => (group === '' ? resource : `${resource}.${group}`)
