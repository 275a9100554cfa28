import type {Report} from '../engine/report.ts'
import {reportDocument} from './document.ts'
import {htmlPage} from './html.ts'
import {jsonText, yamlText} from './machine-text.ts'
import {markdown} from './markdown.ts'
import type {Screen} from './screen.ts'
import {short} from './short.ts'
import {table} from './table.ts'

export const formats = ['table', 'short', 'json', 'yaml', 'markdown', 'html'] as const
export type Format = (typeof formats)[number]
type Reporter = (report: Report, screen: Screen) => string

const reporters: Readonly<Record<Format, Reporter>> = {
  table,
  short,
  json: report => `${jsonText(reportDocument(report))}\n`,
  yaml: report => yamlText(reportDocument(report)),
  markdown,
  html: htmlPage,
}

/** One page or one document, ending in a line break. */
export const render = (report: Report, format: Format, screen: Screen): string => reporters[format](report, screen)
