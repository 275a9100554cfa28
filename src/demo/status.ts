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

const reasons: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  410: 'Expired',
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

export const badRequest = (message: string): StatusError => new StatusError(statusOf(400, message))
export const unauthorized = (): StatusError => new StatusError(statusOf(401, 'Unauthorized'))
export const noSuchPath = (): StatusError => new StatusError(statusOf(404, 'the server could not find the requested resource', {}))
export const notAllowed = (): StatusError => new StatusError(statusOf(405, 'the server does not allow this method on the requested resource', {}))
export const notAcceptable = (): StatusError =>
  new StatusError(statusOf(406, 'only the following media types are accepted: application/json, application/json;as=Table;v=v1;g=meta.k8s.io'))

export function notFound(group: string, resource: string, name: string): StatusError {
  const qualified = group === '' ? resource : `${resource}.${group}`
  return new StatusError(statusOf(404, `${qualified} "${name}" not found`, {name, ...(group !== '' && {group}), kind: resource}))
}
