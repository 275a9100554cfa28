import type {Fix} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {Install} from './cluster.ts'
import {autodetectionStep, clearAndRestart} from './node-address-fix.ts'
import type {Mismatch} from './node-address-mismatch.ts'

/** Steps for mismatches of one cause. */
export function mismatchFix(same: readonly Mismatch[], install: Collected<Install>): Fix[] {
  const {kind, family, method, external} = same[0]!
  const asKubernetes = autodetectionStep(install, family, 'kubernetes-internal-ip')
  if (kind === 'chosen') return [{text: `If it is not meant: ${asKubernetes.text}`, ...(asKubernetes.command !== undefined && {command: asKubernetes.command})}]
  const again = clearAndRestart(
    install,
    same.map(({node}) => node),
    [family === 4 ? 'ipv4' : 'ipv6'],
  )
  if (method?.asKubernetes) return [again]
  if (kind === 'notHeld') return [again, asKubernetes, ...(external ? [acrossNat] : [])]
  return [
    asKubernetes,
    {
      text: 'Where pods shall use another network than Kubernetes, name that one instead: interface=<NIC>, cidr=<its CIDR> or skip-interface=<what to leave out>.',
    },
  ]
}

const acrossNat: Fix = {
  text: 'Nodes that reach each other only by ExternalIPs need a network of their own between them first, such as a VPN that has an interface on each node.',
}
