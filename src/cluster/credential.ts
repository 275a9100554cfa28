/** What one request carries to say who we are. */
export interface Credential {
  readonly headers: Readonly<Record<string, string | string[]>>
  /** PEM texts of a client certificate. */
  readonly certificate?: string
  readonly key?: string
}
export interface Credentials {
  /** @throws CredentialError */
  get(): Promise<Credential>
  /** Forgets what a 401 refused. False when asking again would bring the same. */
  renew(): boolean
}
/** We cannot say who we are: a plugin failed, a file is missing. `next` is what to do. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError'
  readonly next: string
  constructor(message: string, next: string, options?: ErrorOptions) {
    super(message, options)
    this.next = next
  }
}
