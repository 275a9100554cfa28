import {type Severity, severities} from './check.ts'
import type {Report} from './report.ts'

export interface Thresholds {
  /** Findings at or above it fail the run. */
  readonly failOn: Severity
  /** Percent; below it the run could not see enough. */
  readonly minCoverage: number
}

/** 70 we crashed · 1 findings at or above `failOn` · 3 could not see enough, or no Calico there · 0 else. Computed before any formatting. */
export function exitCode({summary, coverage, cluster}: Report, {failOn, minCoverage}: Thresholds): number {
  if (summary.crashed > 0) return 70
  const bad = severities.slice(0, severities.indexOf(failOn) + 1).reduce((sum, severity) => sum + summary[severity], 0)
  if (bad > 0) return 1
  const noCalico = !cluster.install.known && cluster.install.why === 'absent'
  return noCalico || coverage.percent < minCoverage ? 3 : 0
}
