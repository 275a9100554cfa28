/** What a command printed on a node. */
export interface CommandOutput {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** One BGP protocol of a simulated BIRD. `state`, `info` and the rest as BIRD would print them (nest/proto.c, proto/bgp/bgp.c). */
export interface SimulatedSession {
  /** `Mesh_10_0_0_2`, `Node_10_0_0_9_port_500`. */
  name: string
  peer: string
  peerAs: number
  /** Protocol state; `up` when Established. */
  state: 'up' | 'start' | 'down'
  since: string
  /** Established, Connect, Active, Idle, Passive, OpenSent, … */
  bgpState: string
  /** `Socket: Connection refused`, `BGP Error: Bad peer AS`; '' for none. */
  error: string
  imported: number
  exported: number
  /** Router ID of the other end, when it is not its address. */
  peerId?: string
  /** The other end is a client of this route reflector. */
  reflectorClient?: boolean
}
/** One daemon: bird or bird6. */
export interface SimulatedBird {
  /** `v0.3.3+birdv1.6.8`. */
  version: string
  routerId: string
  localAs: number
  sourceAddress: string
  serverTime: string
  lastReboot: string
  sessions: readonly SimulatedSession[]
}

/** One interface as `ip -j -d addr` shows it. */
export interface SimulatedLink {
  name: string
  mtu: number
  kind?: 'veth' | 'vxlan' | 'ipip' | 'wireguard' | 'bridge' | 'bond' | 'vlan' | 'dummy'
  mac?: string
  /** `10.0.0.5/24`. */
  addresses: readonly string[]
  up?: boolean
  lower?: string
  master?: string
  vxlan?: {id: number; port: number; local: string}
}

/** A machine with calico-node's container on it. What is undefined is not there: no such file, no such daemon. */
export interface SimulatedNode {
  name: string
  kernelVersion: string
  /** Without the `v`: `3.31.2`. From 3.33 on `calico component node`, before it `calico-node`. */
  calicoVersion: string
  bird?: SimulatedBird
  bird6?: SimulatedBird
  links: readonly SimulatedLink[]
  /** Files that `cat` and `grep` find, by path. */
  files: Record<string, string>
  /** All machines of the cluster, this one too, each with the first address of its first block: where routes lead. */
  neighbours?: readonly {readonly address: string; readonly tunnelAddress: string}[]
  /** Answers that beat all others, by argv joined with blanks. */
  commands?: Record<string, CommandOutput>
  /** Runs the whole command on something real instead. */
  exec?: (command: readonly string[]) => Promise<{stdout: string | Buffer; stderr: string | Buffer; exit: number}>
}
