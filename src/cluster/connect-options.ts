/** Which cluster, as whom: kubectl's flags by the same names and with the same meaning. */
export interface ConnectOptions {
  /** Path; without it `$KUBECONFIG`, `~/.kube/config`, then the pod's own service account. */
  readonly kubeconfig?: string
  readonly context?: string
  /** Names of entries of the kubeconfig that replace the context's own. */
  readonly clusterName?: string
  readonly userName?: string
  readonly server?: string
  readonly certificateAuthority?: string
  readonly insecureSkipTlsVerify?: boolean
  readonly tlsServerName?: string
  readonly token?: string
  readonly as?: string
  readonly asGroups?: readonly string[]
  readonly asUid?: string
  /** Ends every request when the overall time is over. */
  readonly signal: AbortSignal
  /** One request, from the first byte sent to the last received, with its retries. Default 30 s. */
  readonly requestTimeoutMs?: number
  /** Where a pod finds its token and CA. */
  readonly serviceAccount?: string
  /** Default: process.env. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

export type Env = Readonly<Record<string, string | undefined>>
