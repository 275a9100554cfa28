import {globSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {loadChecks} from '../../src/checks/index.ts'
import {retiredIds} from '../../src/checks/retired.ts'
import {lookIntoBundle} from '../../src/cli/bundle-look.ts'
import {report} from '../../src/engine/report.ts'

/** Bundles of every schema there ever was, saved by the tool of their time. They are never written anew: each proves that later versions still read it. */
const bundles = globSync('schema-*.tar.gz', {cwd: import.meta.dirname}).sort()

interface Golden {
  readonly [check: string]: {readonly status: string; readonly findings: readonly string[]}
}

async function judged(file: string): Promise<Golden> {
  const {snapshot, table} = await lookIntoBundle(join(import.meta.dirname, file), {})
  const {checks} = report(snapshot, table, await loadChecks(), {version: 'test'})
  const line = (finding: (typeof checks)[number]['findings'][number]) =>
    [finding.severity, finding.messageId, ...finding.subjects.map(({kind, name}) => `${kind}/${name}`)].join(' ')
  return Object.fromEntries(checks.map(({id, status, findings}) => [id, {status, findings: findings.map(line)}]))
}

test('there is one of each schema', () => expect(bundles).toContain('schema-1.tar.gz'))

/** What a check found then it finds now; checks that came later are not in it. UPDATE_GOLDEN=1 after a check was changed on purpose. */
test.each(bundles)('%s is read, and says what it said', async file => {
  const path = join(import.meta.dirname, file.replace('.tar.gz', '.golden.json'))
  const now = await judged(file)
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, `${JSON.stringify(now, null, 2)}\n`)
  const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden
  for (const [id, verdict] of Object.entries(golden)) if (!retiredIds.includes(id)) expect({id, ...now[id]}).toEqual({id, ...verdict})
})
