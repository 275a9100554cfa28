import {globSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import {loadChecks} from '../src/checks/index.ts'
import {collectors} from '../src/collectors/index.ts'
import {asksOf} from '../src/engine/asks.ts'
import {checkIndex, checkPage} from '../src/reporters/check-page.ts'

const folder = join(import.meta.dirname, '../docs/checks')
const checks = await loadChecks()
const wanted = new Map([['README.md', checkIndex(checks)], ...checks.map(check => [`${check.id}.md`, checkPage(check, asksOf(check, collectors))] as const)])
const found = () => globSync('**/*.md', {cwd: folder}).sort()

if (process.env.UPDATE_DOCS) {
  rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
  for (const [file, page] of wanted) {
    mkdirSync(dirname(join(folder, file)), {recursive: true})
    writeFileSync(join(folder, file), page)
  }
}

const whatToDo = 'docs/checks is not what src/checks says. Run `npm run docs` and commit what it wrote.'
test('every check has its page, and no page is left over', () => expect(found(), whatToDo).toEqual([...wanted.keys()].sort()))
test.each([...wanted])('docs/checks/%s is up to date', (file, page) => {
  expect(found().includes(file) ? readFileSync(join(folder, file), 'utf8') : undefined, whatToDo).toBe(page)
})
