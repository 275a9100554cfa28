import {expect, test} from 'vitest'
import {incident} from './cluster.ts'
import {runOnTerminal, type TerminalGiven} from './terminal.ts'

const run = (over: Partial<TerminalGiven> = {}) => runOnTerminal({columns: 100, rows: 30, events: incident, ...over})

test('while it runs the terminal is raw and on its other screen; after q it is as it was', async () => {
  const top = run()
  await top.shows('[1 Overview')
  expect([top.raw(), top.term.buffer.active.type]).toEqual([true, 'alternate'])
  top.type('q')
  expect(await top.code).toBe(0)
  expect([top.raw(), top.term.buffer.active.type]).toEqual([false, 'normal'])
  expect(top.written().endsWith('\x1b[?25h'), 'the cursor is shown again').toBe(true)
})

test('Ctrl-C is 130', async () => {
  const top = run()
  await top.shows('[1 Overview')
  top.type('\x03')
  expect(await top.code).toBe(130)
})

test('another size is drawn anew, smaller and larger', async () => {
  const top = run()
  top.type('2')
  await top.shows('[2 Peers')
  top.resize(200, 50)
  await top.shows(/SINCE +IN +OUT/)
  top.resize(80, 24)
  await top.shows(/^calico-doctor(?!.*\bOUT\b).*\[2 Peers.*q quit$/s)
  top.resize(70, 20)
  expect((await top.shows('enlarge it')).trimEnd()).toBe('top needs 80×24, and this is 70×20: enlarge it, or q.')
  top.type('q')
  await top.code
})

test('what the feed tells is on the screen at once, and commands reach the feed', async () => {
  const top = run()
  await top.shows('[1 Overview')
  top.send({type: 'api', at: Date.now(), connected: false, detail: 'connect ECONNREFUSED'})
  await top.shows('API LOST')
  top.type('2r')
  await top.shows('Looking again at worker-1')
  expect(top.commands).toEqual([{kind: 'again', node: 'worker-1'}])
  top.type('q')
  await top.code
})

test('c gives the fix to the terminal, and to the one around tmux', async () => {
  for (const inTmux of [false, true]) {
    const top = run({inTmux})
    top.type('6c')
    await top.shows("Given to the terminal's clipboard")
    const base64 = Buffer.from('kubectl -n calico-system logs calico-node-worker-2 -c calico-node --tail=50').toString('base64')
    expect(top.written()).toContain(`\x1b]52;c;${base64}\x07`)
    expect(top.written().includes(`\x1bPtmux;\x1b\x1b]52;c;${base64}\x07\x1b\\`)).toBe(inTmux)
    top.type('q')
    await top.code
  }
})

test('no colour where none is wanted', async () => {
  const top = run({look: {colour: false, unicode: false}})
  await top.shows('[1 Overview')
  top.type('2j')
  await top.shows('[2 Peers')
  top.type('q')
  await top.code
  expect(top.written()).not.toMatch(/\x1b\[[\d;]*(?:3|4|9|10)\d(?:;[\d;]*)?m/)
  expect(top.written()).not.toMatch(/[^\x00-\x7f]/)
})

test('names cannot write to the terminal, and wide ones keep the columns', async () => {
  const evil = '\x1b]0;owned\x07\x1b[2J節点-😀\n\u202eabc'
  const top = run({events: JSON.parse(JSON.stringify(incident).replaceAll('worker-2', JSON.stringify(evil).slice(1, -1)))})
  top.type('2')
  const screen = await top.shows('[2 Peers')
  expect(screen).toContain(String.raw`\x1b]0;owned\x07\x1b[2J節点-😀`.slice(0, 12))
  expect(top.written()).not.toContain('\x1b]0;owned')
  top.type('q')
  await top.code
})

test('a terminal that is closed ends it', async () => {
  const top = run()
  await top.shows('[1 Overview')
  top.hangUp()
  expect(await top.code).toBe(129)
})

test('an error of ours ends it, with the terminal as it was', async () => {
  const top = run()
  await top.shows('[1 Overview')
  top.send({type: 'looks', looks: null as never})
  await expect(top.code).rejects.toThrow(TypeError)
  expect([top.raw(), top.term.buffer.active.type]).toEqual([false, 'normal'])
})
