import {spawnSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {render} from '../../src/reporters/index.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {named} from './page-names.ts'
import {check, finding, healthy, incident, reportOf, screen} from './reports.ts'

/** A real browser, by its command line; skipped where there is none. */
const browser = ['chromium', 'google-chrome', 'chromium-browser'].find(name => spawnSync(name, ['--version']).status === 0)
const page = (report = healthy) => render(report, 'html', screen)

function run(...argv: readonly string[]) {
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const flags = ['--headless', '--disable-gpu', '--enable-logging=stderr', `--user-data-dir=${tempFolder()}`, ...root]
  return spawnSync(browser!, [...flags, ...argv], {encoding: 'utf8', timeout: 20_000, maxBuffer: 1e9})
}

const hostile = [
  '<script>parent.hit = 1</script>',
  '<img src=x onerror="parent.hit = 1">',
  '"><svg onload=parent.hit=1>',
  '\u202egnp.exe\u2066',
  'w'.repeat(10_000),
  '\u001b]8;;http://x\u0007',
  '</style></title><base href=//x>',
  '&lt;b&gt;',
]
const many = Array.from({length: 1_000}, (_, i) => ({kind: 'Node', name: `worker-${i + 1}.a-long-domain-name.example.org`}))
const huge = reportOf([
  check('bgp/session-down', 'fail', {
    findings: Array.from({length: 3_000}, (_, i) =>
      finding({subjects: many, message: `finding ${i}`, evidence: many.map(({name}) => `${name}: ${'birdcl says a long sentence of it '.repeat(20)}`)}),
    ),
  }),
])

/** So many that they have a list of contents. */
const several = reportOf(['a', 'b', 'c', 'd', 'e'].map(name => check('bgp/session-down', 'fail', {id: `bgp/${name}`, findings: [finding()]})))

test('a page of a thousand nodes and three thousand findings stays small', () => {
  expect(page(huge).length).toBeLessThan(2_000_000)
  expect(page(huge)).toContain('more: <code>calico-doctor check --only bgp/session-down -o json</code>')
})

test.skipIf(browser === undefined)('in a browser: no request, no script, no error, and as narrow as a phone', () => {
  const pages = {healthy: page(), incident: page(incident), several: page(several), huge: page(huge), hostile: page(named(hostile))}
  const frames = Object.entries(pages).map(
    ([name, html]) => `<iframe id="${name}" width="380" height="800" srcdoc="${html.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`,
  )
  // A range has the place of the text itself, which an indent moves out of its box.
  const measure = `const leftOf = element => { const range = element.ownerDocument.createRange(); range.selectNodeContents(element); return range.getBoundingClientRect().left }
  onload = () => {
    const said = [...document.querySelectorAll('iframe')].map(({id, contentWindow: w}) => [id, {
      tooWide: w.document.documentElement.scrollWidth - w.document.documentElement.clientWidth, outside: [...w.document.querySelectorAll('body *')].filter(element => leftOf(element) < 0).length,
      requests: w.performance.getEntriesByType('resource').length,
      language: w.document.documentElement.lang, titled: w.document.title !== '', headings: w.document.querySelectorAll('h1').length}])
    document.body.textContent = 'said ' + JSON.stringify({hit: window.hit ?? 0, ...Object.fromEntries(said)}) + ' end'
  }`
  const file = join(tempFolder(), 'frames.html')
  writeFileSync(file, `<!doctype html><meta charset="utf-8"><script>${measure}</script>${frames.join('')}`)
  const {stdout, stderr} = run('--dump-dom', `file://${file}`)
  const each = {tooWide: 0, outside: 0, requests: 0, language: 'en', titled: true, headings: 1}
  expect(JSON.parse(/said (\{.*\}) end/.exec(stdout)?.[1] ?? stdout)).toEqual({
    hit: 0,
    ...Object.fromEntries(Object.keys(pages).map(name => [name, each])),
  })
  expect(stderr).not.toContain('CONSOLE')
})

test.skipIf(browser === undefined)('on paper what is folded is open', () => {
  const folder = tempFolder()
  const sheets = (lines: number) => {
    const evidence = Array.from({length: lines}, (_, i) => `line ${i} of what birdcl said`)
    writeFileSync(join(folder, 'page.html'), page(reportOf([check('bgp/session-down', 'fail', {findings: [finding({evidence})]})])))
    run('--no-pdf-header-footer', `--print-to-pdf=${join(folder, 'page.pdf')}`, `file://${folder}/page.html`)
    return readFileSync(join(folder, 'page.pdf'), 'latin1').match(/\/Type \/Page\b/g)?.length ?? 0
  }
  const few = sheets(3)
  expect(few).toBeGreaterThan(0)
  expect(sheets(200)).toBeGreaterThanOrEqual(few + 3)
})
