import type {Asks, FactSource} from '../engine/asks.ts'
import type {Check, Finding, Fix, Message} from '../engine/check.ts'
import {exampleOfEach, type JudgedExample, judgedExamples} from '../engine/examples.ts'
import {severitiesOf} from './explain.ts'
import {printable} from './printable.ts'
import {rightsLines} from './rights.ts'

/** One check as Markdown, for docs/checks/<id>.md: its texts are what its own examples bring. */
export function checkPage(check: Check, asks: Asks): string {
  const parts = [
    `<!-- Written by \`npm run docs\` from src/checks/${check.id}.ts: edit that file. -->`,
    `# ${check.id}`,
    `${check.title}. Severity: ${severitiesOf(check).join(', ')}.`,
    '## Why it matters',
    text(check.why),
    '## What it looks at',
    sourceTable(asks.needs, 'Cannot judge without'),
    ...(asks.uses.length > 0 ? [sourceTable(asks.uses, 'Uses, where it can be had')] : []),
    '### Rights',
    rightsLines(asks.rights)
      .map(line => `- ${line}`)
      .join('\n') || 'None of its own.',
    '## What it can say',
    ...Object.entries<Message<never>>(check.messages).flatMap(([messageId, {severity}]) =>
      messagePart(messageId, severity, exampleOfEach(check).get(messageId)),
    ),
    '## Examples',
    'The check is run on each of these in the test suite.',
    ...judgedExamples(check).flatMap(examplePart),
    '## More',
    check.docs.map(page => `- <${page}>`).join('\n'),
  ]
  return `${parts.join('\n\n')}\n`
}

/** All checks by category, for docs/checks/README.md. */
export function checkIndex(checks: readonly Check[]): string {
  const rows = checks
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(check => `| [${check.id}](${check.id}.md) | ${cell(check.title)} | ${severitiesOf(check).join(', ')} |`)
  return [
    '<!-- Written by `npm run docs` from src/checks: edit those files. -->',
    '',
    '# Checks',
    '',
    '| Check | What is true when it passes | Severity |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

const sourceTable = (sources: readonly FactSource[], head: string) =>
  [`| ${head} | Where it comes from |`, '|---|---|', ...sources.map(({fact, from}) => `| ${code(fact)} | ${cell(from)} |`)].join('\n')

function messagePart(messageId: string, severity: string, finding: Finding | undefined): string[] {
  const head = `### ${code(messageId)} (${severity})`
  if (!finding) return [head]
  const {message, fix, verify} = finding
  return [
    head,
    `> ${text(message)}`,
    ...fix.map((step, index) => stepPart(step, fix.length > 1 ? `${index + 1}. ` : 'Fix: ')),
    ...(verify ? [stepPart(verify, 'Verify: ')] : []),
  ]
}

function stepPart({text: words, command}: Fix, before: string): string {
  const line = `${before}${text(words)}`
  if (command === undefined) return line
  const indent = /^\d/.test(before) ? '   ' : ''
  return [line, '', ...['```sh', ...command.split('\n'), '```'].map(part => `${indent}${part}`)].join('\n')
}

function examplePart({name, verdict}: JudgedExample): string[] {
  const head = `### ${text(name)}`
  switch (verdict.status) {
    case 'pass':
      return [head, 'Nothing to report.']
    case 'fail':
      return [head, ...verdict.findings.flatMap(findingPart)]
    case 'not-applicable':
    case 'suppressed':
      return [head, `Not applicable: ${text(verdict.reason)}.`]
    case 'unknown':
      return [
        head,
        `Cannot be judged: ${text([...verdict.reasons, ...verdict.missing.map(({fact, node, why}) => `${fact}${node === undefined ? '' : ` of ${node}`} ${why}`)].join('; '))}.`,
      ]
    case 'crashed':
      return [head, 'The check fails on this example.']
  }
}

const findingPart = ({severity, messageId, message, evidence}: Finding): string[] => [
  `**${severity}** ${code(messageId)}: ${text(message)}`,
  ['```text', ...evidence.map(line => printable(line, {max: 2_000, longestWord: 2_000})), '```'].join('\n'),
]

/** Running text: what Markdown would take for markup is escaped, except in code spans that are closed. */
function text(words: string): string {
  const parts = printable(words, {max: 4_000, longestWord: 1_000}).split('`')
  const closed = parts.length % 2 === 1
  return parts.map((part, index) => (closed && index % 2 === 1 ? part : escaped(part))).join(closed ? '`' : '\\`')
}
const escaped = (words: string) =>
  words
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\*[\]|#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, sign => `\\${sign}`)
const code = (word: string) => (word.includes('`') ? `\`\` ${word} \`\`` : `\`${word}\``)
const cell = (words: string) => words.replaceAll('|', '\\|')
