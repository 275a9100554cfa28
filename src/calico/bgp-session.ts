/** One BGP protocol of one node's BIRD, as `show protocols` prints it. */
export interface BgpSession {
  /** BIRD's name: `Mesh_10_0_0_2`, `Node_10_0_0_9_port_500`, `Local_Workload_10_0_0_7`. */
  readonly name: string
  readonly family: 4 | 6
  readonly type: 'mesh' | 'node' | 'global' | 'local-workload' | 'other'
  /** Peer address out of the name; BIRD's `Neighbor address` where details were asked. */
  readonly peer: string
  readonly port?: number
  /** Protocol state: down, start, wait, feed, up, stop, flush. */
  readonly state: string
  /** `HH:MM:SS` younger than 20 h, else `YYYY-MM-DD`, in the daemon's own timezone (nest/proto.c); as printed. */
  readonly since: string
  /** First word of Info: Idle, Connect, Active, OpenSent, OpenConfirm, Established, Close, Passive, Down; '' when BIRD prints none. */
  readonly bgpState: string
  /** Error class and message after the state word: `Socket: Connection refused`, `BGP Error: Bad peer AS`; '' for none. */
  readonly error: string
}
/** Established is what Info says; `up` alone is not (facts §0.7). */
export const isEstablished = (session: BgpSession): boolean => session.bgpState === 'Established'

/** What only `show protocols all` tells. */
export interface BgpSessionDetail {
  readonly name: string
  readonly neighborAddress?: string
  readonly neighborAs?: string
  readonly localAs?: string
  readonly neighborId?: string
  readonly sourceAddress?: string
  readonly imported?: number
  readonly exported?: number
  /** Seconds: remaining/total as printed, `172/240`. */
  readonly holdTimer?: string
  readonly keepaliveTimer?: string
  readonly lastError?: string
}

/** One BIRD daemon of one node. */
export type Bird =
  | {
      readonly running: true
      /** `v0.3.3+birdv1.6.8`, `1.6.8`, `3.3.0`; undefined when the banner was cut off. */
      readonly version?: string
      readonly sessions: readonly BgpSession[]
    }
  | {
      readonly running: false
      /** What birdcl said: `Unable to connect to server control socket (/var/run/calico/bird.ctl): Connection refused`. */
      readonly reason: string
    }
