import type {Status} from './status.ts'

/** First byte of each message (kubernetes: staging/src/k8s.io/apimachinery/pkg/util/remotecommand); v5's 255 closes a stream, which says nothing new. */
const channel = {stdout: 1, stderr: 2, status: 3}

/** What an exec has said so far, as bytes: a message may end in the middle of a character. */
export class ExecStreams {
  readonly #maxBytes: number
  readonly #stdout: Buffer[] = []
  readonly #stderr: Buffer[] = []
  #bytes = 0
  #statusText = ''
  status: Status | undefined
  flooded = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get empty(): boolean {
    return this.#bytes === 0
  }

  add(message: Buffer): void {
    if (message[0] === channel.stdout) this.#keep(this.#stdout, message.subarray(1))
    else if (message[0] === channel.stderr) this.#keep(this.#stderr, message.subarray(1))
    else if (message[0] === channel.status) this.#readStatus(message.subarray(1))
  }

  texts(): {stdout: string; stderr: string} {
    return {stdout: Buffer.concat(this.#stdout).toString(), stderr: Buffer.concat(this.#stderr).toString()}
  }

  #keep(stream: Buffer[], bytes: Buffer): void {
    const room = this.#maxBytes - this.#bytes
    if (bytes.length > room) this.flooded = true
    if (room > 0) stream.push(bytes.subarray(0, room))
    this.#bytes += Math.min(room, bytes.length)
  }

  #readStatus(bytes: Buffer): void {
    if (this.#statusText.length < 65_536) this.#statusText += bytes.toString()
    try {
      const status: unknown = JSON.parse(this.#statusText)
      if (typeof status === 'object' && status !== null) this.status = status
    } catch {
      // The rest of it is in the next message, or never comes: then the exec ends without a status.
    }
  }
}
