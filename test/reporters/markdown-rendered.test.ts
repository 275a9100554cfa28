import fc from 'fast-check'
import {expect, test} from 'vitest'
import {render} from '../../src/reporters/index.ts'
import {named} from './page-names.ts'
import {hasRenderer, rendered} from './rendered.ts'
import {blind, healthy, incident, screen} from './reports.ts'

/** What our own pages are made of: no link, no image, nothing that a name could have brought. */
const ours = new Set('h1 h2 h3 p strong table thead tbody tr th td ul ol li pre code details summary'.split(' '))
const foreign = (elements: readonly string[]) => elements.filter(name => !ours.has(name))

test.skipIf(!hasRenderer).each(Object.entries({healthy, incident, blind}))('rendered by GitHub’s renderer: %s', (_, report) => {
  const {elements, tables, text} = rendered(render(report, 'markdown', screen))
  expect(foreign(elements)).toEqual([])
  expect(tables).toHaveLength(1)
  for (const row of tables.flat()) expect(row).toBe(2)
  expect(text).not.toMatch(/\*\*|^#|\|---/m)
})

test.skipIf(!hasRenderer)('a name changes no table, no list, no element', () => {
  const nasty = fc.array(
    fc.constantFrom(
      '@admin',
      '#1',
      '```',
      '`',
      '|',
      '||',
      '\\|',
      '</details>',
      '<script>',
      '[x](http://e)',
      '![](x)',
      '\n',
      '\\',
      '- ',
      '> ',
      '~~',
      '**',
      'a',
      ' ',
    ),
    {minLength: 1, maxLength: 12},
  )
  const name = fc.oneof(
    fc.string({unit: 'binary', minLength: 1, maxLength: 60}),
    nasty.map(parts => parts.join('')),
    fc.constantFrom('https://evil.example/a|b', 'w'.repeat(10_000), 'a@b.example', '<!--', ']]>'),
  )
  fc.assert(
    fc.property(fc.array(name, {minLength: 8, maxLength: 8}), names => {
      const {elements, tables} = rendered(render(named(names), 'markdown', screen))
      expect(foreign(elements)).toEqual([])
      expect(tables.map(rows => rows.length)).toEqual([12])
      for (const row of tables.flat()) expect(row).toBe(2)
    }),
    {numRuns: 80},
  )
})
