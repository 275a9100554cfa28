import {oneLine} from './words.ts'

/** There is no answer to a request, or none that can be used: how far it came, and why no further. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly why: 'timeout' | 'unreachable' | 'failed'
  /** Node's or OpenSSL's error code. */
  readonly code: string | undefined
  /** The connection was cut before the first byte of an answer: safe to ask again. */
  readonly cut: boolean
  constructor(why: NoAnswer['why'], message: string, options: ErrorOptions & {code?: string | undefined; cut?: boolean} = {}) {
    super(message, options)
    this.why = why
    this.code = options.code
    this.cut = options.cut ?? false
  }
}

const words: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved: no name server answers',
  ETIMEDOUT: 'no connection in time',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
}
const cuts = ['ECONNRESET', 'EPIPE']

/** A socket's, TLS's or HTTP parser's error before any answer. */
export function noAnswerFor(error: NodeJS.ErrnoException): NoAnswer {
  if (error instanceof NoAnswer) return error
  // Several addresses were tried: the first one's error speaks for all.
  const code = error.code ?? (error instanceof AggregateError ? error.errors[0]?.code : undefined)
  if (code === undefined) return new NoAnswer('failed', oneLine(error.message), {cause: error})
  const message = words[code] ?? oneLine(error.message)
  if (code === 'ETIMEDOUT') return new NoAnswer('timeout', message, {cause: error, code})
  if (code.startsWith('HPE_') || code.startsWith('ERR_HTTP') || code === 'ERR_INVALID_CHAR')
    return new NoAnswer('failed', `no HTTP: ${message}`, {cause: error, code})
  return new NoAnswer('unreachable', message, {cause: error, code, cut: cuts.includes(code)})
}
