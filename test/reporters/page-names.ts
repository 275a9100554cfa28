import type {Report} from '../../src/engine/report.ts'
import {check, finding, incident, reportOf} from './reports.ts'

/** A report in which every text that a cluster can bring is one of eight. */
export const named = ([a, b, c, d, e, f, g, h]: readonly string[]): Report => {
  const one = finding({
    message: a!,
    evidence: [b!, c!, d!, e!],
    subjects: [
      {kind: 'IPPool', name: `x${e!}`},
      {kind: 'Node', name: `y${f!}`},
    ],
    fix: [{text: g!, command: h!}, {text: a!}],
    verify: {text: b!, command: c!},
    args: {h: h!},
  })
  const missing = [{fact: 'links' as const, node: a!, known: false as const, why: 'failed' as const, detail: `z${b!}`}]
  return reportOf(
    [
      check('bgp/session-down', 'fail', {findings: [one], missing}),
      check('datastore/mode', 'unknown', {reason: `z${d!}`}),
      check('typha/missing', 'suppressed', {reason: e!}),
    ],
    {
      cluster: {...incident.cluster, install: {known: true, value: c!}, bgp: {known: true, value: d!, partial: e!}},
      source: {kind: 'live', context: f!, server: g!},
    },
  )
}
