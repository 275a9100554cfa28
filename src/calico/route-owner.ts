import type {CalicoVersion} from './cluster.ts'
import type {FelixSetting} from './felix-setting.ts'

/** Packets that need routes to other nodes; VXLAN's and WireGuard's are always Felix's own. */
export type RouteKind = 'ipip' | 'bare'

/** programClusterRoutes of Felix: which routes each value has it write (facts: calico.md §3.7). */
const felixWrites: Readonly<Record<string, readonly RouteKind[]>> = {
  Disabled: [],
  EnabledIPIPOnly: ['ipip'],
  EnabledNoEncapOnly: ['bare'],
  Enabled: ['ipip', 'bare'],
}

/**
 * Does Felix write these routes, so that nobody misses BIRD? The field came with v3.31, where it is off; since v3.33 Felix writes IPIP's unless told
 * otherwise. Undefined when version or setting were not seen and it depends on them.
 */
export function felixWritesRoutes(
  kind: RouteKind,
  version: CalicoVersion | undefined,
  {setting, known}: {readonly setting?: FelixSetting; readonly known: boolean},
): boolean | undefined {
  if (version && before(version, 31)) return false
  const chosen = setting && felixWrites[setting.value]
  if (chosen) return version ? chosen.includes(kind) : undefined
  if (!known) return undefined
  if (kind === 'bare') return false
  return version && !before(version, 33)
}

const before = ({major, minor}: CalicoVersion, wanted: number) => major < 3 || (major === 3 && minor < wanted)
