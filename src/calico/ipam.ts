/** IPAM's own objects, projected: a block of 64 addresses is some 5 kB in the API and 100 bytes here. */

/** An IPAMBlock. What is marked deleted is no block any more and is left out (facts: calico.md §0.5). */
export interface IpamBlock {
  /** `10.244.1.0/26`, `fd00::/122`. */
  readonly cidr: string
  /** Node of affinity `host:<node>`. */
  readonly host?: string
  /** Of `virtual:<name>`: `load-balancer`. */
  readonly virtual?: string
  /** Addresses. */
  readonly size: number
  /** Ordinals that are free to be taken. All others count as in use, as `calicoctl ipam show` counts them. */
  readonly free: number
  /** Of those in use: released, and not to be taken before their cooldown is over (v3.33 and later). */
  readonly cooling: number
  /** Addresses in use by the node that holds them (attribute `node`), largest first; what names no node is the host's own. */
  readonly holders: readonly {readonly node: string; readonly count: number}[]
}

/** A BlockAffinity: a node's claim to a block. */
export interface BlockAffinity {
  readonly node: string
  readonly type: 'host' | 'virtual'
  readonly cidr: string
  /** `confirmed`; `pending` is no claim yet, `pendingDeletion` none any more. */
  readonly state: string
}

/** IPAMConfig (v1) or IPAMConfiguration (v3) `default`. */
export interface IpamConfig {
  /** Nodes take addresses of their own blocks only. */
  readonly strictAffinity: boolean
  readonly autoAllocateBlocks: boolean
  /** 20 where it is 0 or not set (libcalico-go/lib/ipam). */
  readonly maxBlocksPerHost: number
  readonly cooldownSeconds?: number
}
/** What holds where there is no IPAMConfig. */
export const defaultIpamConfig: IpamConfig = {strictAffinity: false, autoAllocateBlocks: true, maxBlocksPerHost: 20}

/** An IPAMHandle: whose addresses they are, and how many of each block. */
export interface IpamHandle {
  readonly id: string
  readonly blocks: readonly {readonly cidr: string; readonly count: number}[]
}

export const inUse = ({size, free}: Pick<IpamBlock, 'size' | 'free'>): number => size - free

/** Addresses that a node other than the block's own holds; none of a block that belongs to no node. */
export const borrowedOf = ({host, holders}: IpamBlock): number =>
  host === undefined ? 0 : holders.reduce((sum, {node, count}) => (node === host ? sum : sum + count), 0)
