import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {runCli} from './cli/run-cli.ts'

const path = join(import.meta.dirname, '../README.md')
const screen = /<!-- screen: (.*) -->\n```\n([\s\S]*?)```\n/

/** What differs from run to run. */
const steady = (text: string) =>
  text
    .replace(/127\.0\.0\.1:\d+/, '127.0.0.1:38211')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/, '2026-11-21 03:04 UTC')
    .replace(/Took {4}\S+ s/, 'Took    0.2 s')

test('the screen in the README is what the program prints: npm run docs', async () => {
  const readme = readFileSync(path, 'utf8')
  const [whole, argv, shown] = screen.exec(readme)!
  const {stdout} = await runCli(argv!.split(' '), {COLUMNS: '100'})
  const printed = steady(stdout)
  if (process.env.UPDATE_DOCS)
    writeFileSync(
      path,
      readme.replace(whole, () => whole.replace(/```\n[\s\S]*```/, () => `\`\`\`\n${printed}\`\`\``)),
    )
  else expect(shown).toBe(printed)
})
