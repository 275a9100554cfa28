/** One peer as confd would render it into a BIRD configuration. */
export interface BirdPeer {
  /** `Mesh_10_0_0_2`. */
  readonly name: string
  readonly address: string
  readonly as: number
  readonly port?: number
  readonly passive?: boolean
  readonly disabled?: boolean
  /** Set on a route reflector's side of the session. */
  readonly clusterId?: string
  readonly password?: string
}
export interface BirdConfig {
  readonly family: 4 | 6
  readonly address: string
  readonly routerId: string
  readonly as: number
  /** The node's own IPAM block, a blackhole route that is announced. */
  readonly block: string
  readonly pool: string
  readonly peers: readonly BirdPeer[]
  /** Calico's own timers take half a minute to show a fault; a hold timer has to be 3 s at least. */
  readonly timers: 'calico' | 'short'
  readonly head?: string
}

const timersOf = {
  calico: ['connect delay time 2;', 'connect retry time 5;', 'error wait time 5,30;'],
  short: ['connect delay time 1;', 'connect retry time 1;', 'error wait time 1,2;', 'hold time 3;', 'keepalive time 1;'],
}

/** A configuration in the shape that calico-node's confd gives BIRD: same protocols, names, filters by pool, passive rule and block routes. */
export function birdConfig({family, address, routerId, as, block, pool, peers, timers, head = ''}: BirdConfig): string {
  return `${head}router id ${routerId};
filter calico_export_to_bgp_peers {
  if (net ~ ${pool}) then accept;
  reject;
}
filter calico_kernel_programming {
  if (net ~ ${pool}) then accept;
  reject;
}
protocol static {
  route ${block} blackhole;
}
protocol kernel {
  learn;
  persist;
  scan time 2;
  import all;
  export filter calico_kernel_programming;
  graceful restart;
  merge paths on;
}
protocol device {
  debug { states };
  scan time 2;
}
protocol direct {
  debug { states };
  interface -"cali*", -"kube-ipvs*", "*";
}
template bgp bgp_template {
  debug { states };
  description "Connection to BGP peer";
  local as ${as};
  gateway recursive;
  add paths on;
  import all;
  export filter calico_export_to_bgp_peers;
  graceful restart;
  source address ${address};
  multihop;
  ${timersOf[timers].join('\n  ')}
}
${peers.map(peer => stanza(peer, family)).join('')}`
}

function stanza({name, address, as, port, passive, disabled, clusterId, password}: BirdPeer, family: 4 | 6): string {
  const options = [
    `neighbor ${address}${port === undefined ? '' : ` port ${port}`} as ${as};`,
    ...(passive ? ['passive on;'] : []),
    ...(disabled ? ['disabled;'] : []),
    // Both ends call: the reflector later, so that short timers do not make them collide for ever.
    ...(clusterId === undefined ? [] : ['rr client;', `rr cluster id ${clusterId};`, 'connect delay time 4;']),
    ...(password === undefined ? [] : [`password "${password}";`]),
    ...(family === 6 ? ['next hop self;'] : []),
  ]
  return `protocol bgp ${name} from bgp_template {\n${options.map(option => `  ${option}\n`).join('')}}\n`
}
