import type {Speaker} from './bgp-speakers.ts'
import {nodeList} from './node-list.ts'

/** Why no pass can be given although every answer that came was well; nodes that did not answer for IPv4 are in the verdict already. */
export function unseenSpeakers(speakers: readonly Speaker[]): string[] {
  const stopped = ([4, 6] as const).flatMap(family =>
    reasons(speakers, family, 'stopped').map(
      ([detail, nodes]) => `BIRD for IPv${family} does not run on ${nodeList(nodes)}, so its sessions are not seen (${detail})`,
    ),
  )
  return [...unseenV6(speakers), ...stopped, ...undecidedSpeakers(speakers)]
}

/** Nodes that have, or may have, IPv6 and did not answer for it. */
export const unseenV6 = (speakers: readonly Speaker[]): string[] =>
  reasons(speakers, 6, 'unseen').map(([detail, nodes]) => `BIRD for IPv6 was not seen on ${nodeList(nodes)} (${detail})`)

/** Nodes without a daemon where what decides whether it should run could not be seen. */
export const undecidedSpeakers = (speakers: readonly Speaker[], families: readonly (4 | 6)[] = [4, 6]): string[] =>
  families.flatMap(family =>
    reasons(speakers, family, 'undecided').map(
      ([detail, nodes]) => `BIRD for IPv${family} does not run on ${nodeList(nodes)}, and whether it should could not be seen (${detail})`,
    ),
  )

/** Nodes by the reason, in the order met. */
function reasons(speakers: readonly Speaker[], family: 4 | 6, wanted: Speaker[4]['state']): [string, string[]][] {
  const byDetail = new Map<string, string[]>()
  for (const speaker of speakers) {
    const daemon = speaker[family]
    if (daemon.state !== wanted || !('detail' in daemon)) continue
    const nodes = byDetail.get(daemon.detail)
    if (nodes) nodes.push(speaker.node)
    else byDetail.set(daemon.detail, [speaker.node])
  }
  return [...byDetail]
}
