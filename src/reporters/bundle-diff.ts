import type {LookDiff} from '../calico/diff-model.ts'
import type {Finding} from '../engine/check.ts'
import {diffMarkdown} from './bundle-diff-markdown.ts'
import {diffShort, diffTable} from './bundle-diff-table.ts'
import {jsonText, yamlText} from './machine-text.ts'
import type {Screen} from './screen.ts'

export const diffFormats = ['table', 'short', 'json', 'yaml', 'markdown'] as const
export type DiffFormat = (typeof diffFormats)[number]

const reporters: Readonly<Record<DiffFormat, (diff: LookDiff, screen: Screen) => string>> = {
  table: diffTable,
  short: diffShort,
  json: diff => `${jsonText(diffDocument(diff))}\n`,
  yaml: diff => yamlText(diffDocument(diff)),
  markdown: diffMarkdown,
}

/** One page or one document, ending in a line break. */
export const renderDiff = (diff: LookDiff, format: DiffFormat, screen: Screen): string => reporters[format](diff, screen)

/** For machines: docs/bundle-diff.schema.json says what is in it. Names as the cluster has them, nothing shortened. */
function diffDocument({a, b, sameLook, notes, findings, ...parts}: LookDiff) {
  return {
    apiVersion: 'calico-doctor/v1',
    kind: 'BundleDiff',
    a,
    b,
    sameLook,
    notes,
    findings: {
      new: findings.new.map(({finding, maybeOld = null}) => ({...findingOf(finding), maybeOld})),
      fixed: findings.fixed.map(({finding, note = null}) => ({...findingOf(finding), note})),
      still: findings.still.map(({finding, ...rest}) => ({...findingOf(finding), ...rest})),
      notJudged: findings.notJudged.map(({finding, reason}) => ({...findingOf(finding), reason})),
      checksNotJudged: findings.checksNotJudged,
    },
    ...parts,
  }
}

const findingOf = ({check, messageId, severity, subjects, message}: Finding) => ({check, messageId, severity, subjects, message})
