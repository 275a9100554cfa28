import {toolOf} from '../bundle/tool-of.ts'
import {diffExitCode} from '../calico/diff-exit-code.ts'
import {judgedOf} from '../calico/diff-judged.ts'
import {diffLooks, type Look} from '../calico/diff-looks.ts'
import {checkIds, loadChecks} from '../checks/index.ts'
import type {Check, Severity} from '../engine/check.ts'
import {known} from '../engine/collected.ts'
import {report} from '../engine/report.ts'
import {type DiffFormat, renderDiff} from '../reporters/bundle-diff.ts'
import {ofBundle} from './bundle-fault.ts'
import {lookIntoBundle} from './bundle-look.ts'
import {chooseChecks} from './choose-checks.ts'
import {interruptible} from './interrupt.ts'
import {version} from './package.ts'
import {screen} from './screen.ts'

export interface BundleDiffFlags {
  readonly output: DiffFormat
  readonly only?: string[] | undefined
  readonly skip?: string[] | undefined
  readonly 'fail-on': Severity
  readonly 'min-coverage': number
  readonly 'no-color'?: boolean
}

/** Judges both bundles with the same checks now and prints what changed. Throws SourceError for what is no bundle. The exit code is set before anything is formatted. */
export async function diffBundles(a: string, b: string, flags: BundleDiffFlags): Promise<void> {
  const checks = await loadChecks(chooseChecks(checkIds, flags.only, flags.skip))
  const looks = await interruptible(async () => [await lookOf(a, checks), await lookOf(b, checks)] as const)
  const diff = ofBundle(`${a} or ${b}`, () => diffLooks(...looks))
  process.exitCode = diffExitCode(
    diff,
    looks.map(({report: judged}) => judged),
    {failOn: flags['fail-on'], minCoverage: flags['min-coverage']},
  )
  process.stdout.write(ofBundle(`${a} or ${b}`, () => renderDiff(diff, flags.output, screen(flags))))
}

async function lookOf(file: string, checks: readonly Check[]): Promise<Look> {
  const {snapshot, table} = await lookIntoBundle(file, {})
  const {tool: other} = snapshot.source
  const tool = other === undefined ? await toolOf(file) : known(other)
  return ofBundle(file, () => ({file, tool, ...judgedOf(report(snapshot, table, checks, {version}), table, snapshot.nodesWanted)}))
}
