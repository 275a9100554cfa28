import {type Severity, severities} from '../engine/check.ts'
import type {Thresholds} from '../engine/exit-code.ts'
import type {Report} from '../engine/report.ts'
import {isWorse} from './diff-findings.ts'
import type {LookDiff} from './diff-model.ts'

/**
 * 70 a check crashed · 1 a finding at or above `failOn` is new or worse · 3 what was found before could not be judged again, either look saw less than
 * `minCoverage`, or there was no Calico to look at · 0 else. The same for every output.
 */
export function diffExitCode({findings, sameLook}: LookDiff, reports: readonly Report[], {failOn, minCoverage}: Thresholds): number {
  if (reports.some(({summary}) => summary.crashed > 0)) return 70
  const counts = ({severity}: {severity: Severity}) => severities.indexOf(severity) <= severities.indexOf(failOn)
  if (findings.new.some(({finding}) => counts(finding)) || findings.still.some(still => isWorse(still) && counts(still.finding))) return 1
  const blind = reports.some(({coverage, cluster}) => coverage.percent < minCoverage || (!cluster.install.known && cluster.install.why === 'absent'))
  return blind || (!sameLook && findings.notJudged.some(({finding}) => counts(finding))) ? 3 : 0
}
