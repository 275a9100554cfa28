import {type Finding, type Severity, severities} from '../engine/check.ts'
import type {CheckReport, Report} from '../engine/report.ts'
import type {Mark, Screen} from './screen.ts'

export interface FoundBy {
  readonly check: CheckReport
  readonly severity: Severity
  readonly findings: readonly Finding[]
}

/** What was found, the worst first, then by check. A check that found both errors and warnings stands twice. */
export const foundBySeverity = ({checks}: Report): FoundBy[] =>
  severities.flatMap(severity =>
    checks
      .map(check => ({check, severity, findings: check.findings.filter(finding => finding.severity === severity)}))
      .filter(({findings}) => findings.length > 0),
  )

export const severityTitles: Readonly<Record<Severity, string>> = {error: 'Errors', warning: 'Warnings', info: 'Worth knowing'}

/** The worst of it; never a pass while something was not seen. */
export function resultMark({checks, coverage}: Report): Mark {
  const found = severities.find(severity => checks.some(({findings}) => findings.some(finding => finding.severity === severity)))
  const whole = coverage.percent === 100 && coverage.facts.missing.length === 0 && !checks.some(({status}) => status === 'unknown' || status === 'crashed')
  return found ?? (whole && checks.length > 0 ? 'pass' : 'unknown')
}

/** Pages lay out their lines themselves. */
export const pageScreen: Screen = {width: 10_000, colour: false, unicode: true}
