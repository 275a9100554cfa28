/** The words or flags of the call are wrong: exit 2. `message` is one sentence, `next` what to do instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly next: string | undefined
  constructor(message: string, next?: string) {
    super(message)
    this.next = next
  }
}

/** The source cannot be read (kubeconfig, context, credentials, API server, bundle): exit 4. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly next: string | undefined
  constructor(message: string, next?: string, options?: ErrorOptions) {
    super(message, options)
    this.next = next
  }
}
