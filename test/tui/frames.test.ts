import {expect, test} from 'vitest'
import {columns} from '../../src/reporters/wrap.ts'
import {incident, start} from './cluster.ts'
import {after, linesOf, screenOf, typed} from './helpers.ts'
import {runOnTerminal} from './terminal.ts'

const sizes = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const
const saved = [{type: 'clock' as const, now: start + 12_000}, ...incident]
const keys: Readonly<Record<string, string>> = {
  overview: '1',
  peers: '2gjj',
  nodes: '3',
  felix: '4',
  capacity: '5',
  findings: '6',
  session: '2gjjj\r',
  node: '3g\r',
  finding: '6g\r',
  help: '1?',
}

/** As a terminal shows it, whatever ink wrote to get there. */
test.each(sizes)('%i×%i', async (width, height) => {
  const run = runOnTerminal({columns: width, rows: height, events: saved})
  await run.shows('[1 Overview')
  expect(run.term.buffer.active.type).toBe('alternate')
  for (const [name, chunk] of Object.entries(keys)) {
    run.type(`\x1b\x1b${chunk}`)
    const wanted = linesOf(typed(screenOf(saved, {columns: width, rows: height}), chunk)).join('\n')
    const shown = await run.shows(new RegExp(`^${wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`))
    await expect(`${shown}\n`).toMatchFileSnapshot(`frames/${width}x${height}/${name}.txt`)
  }
  run.type('\x1b\x1bq')
  expect(await run.code).toBe(0)
  expect(run.term.buffer.active.type).toBe('normal')
})

test('no line is wider than the screen, and each frame has all its rows, whatever its size', () => {
  for (const width of [80, 81, 95, 113, 119, 147, 300])
    for (const height of [24, 25, 51])
      for (const chunk of Object.values(keys)) {
        const lines = linesOf(typed(screenOf(saved, {columns: width, rows: height}), chunk))
        expect(lines).toHaveLength(height)
        for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width)
      }
})

test('ASCII terminals get ASCII only', () => {
  for (const chunk of Object.values(keys)) {
    const state = typed(screenOf(saved, {unicode: false}), chunk)
    for (const line of linesOf(after(state, {type: 'api', at: start, connected: false, detail: 'x'}))) expect(line).toMatch(/^[\x20-\x7e]*$/)
  }
})
