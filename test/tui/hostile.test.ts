import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {SessionRow} from '../../src/calico/node-status-model.ts'
import {known, unknown, type Why} from '../../src/engine/collected.ts'
import {columns} from '../../src/reporters/wrap.ts'
import type {Event, FeedEvent} from '../../src/tui/events.ts'
import {frameOf} from '../../src/tui/frame.ts'
import {keysOf} from '../../src/tui/keys.ts'
import {paint} from '../../src/tui/paint.ts'
import {bgp, cluster, facts, finding, incident, look, numbers, report, session, start} from './cluster.ts'
import {after, linesOf, screenOf, textOf, typed} from './helpers.ts'

const text = fc.oneof(
  fc.string({unit: 'binary', maxLength: 60}),
  fc.constantFrom('__proto__', 'constructor', '\x1b[2J', 'a\nb', '節点'.repeat(40), '\u202e', 'x'.repeat(10_000)),
)
const amount = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -1, Number.NaN, Number.POSITIVE_INFINITY))
const why = fc.constantFrom<Why[]>('absent', 'forbidden', 'timeout', 'unreachable', 'failed', 'not-collected')
const seen = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof(
    value.map(one => known(one)),
    fc.tuple(why, text).map(([reason, detail]) => unknown(reason, detail)),
  )
const row = fc
  .record({
    peerAddress: text,
    peerNode: fc.option(text),
    state: text,
    since: text,
    info: text,
    status: fc.constantFrom<SessionRow['status'][]>('established', 'down', 'duplicate'),
  })
  .map(over => session(over))
const at = fc.integer({min: start - 1e6, max: start + 1e7})

const told: fc.Arbitrary<FeedEvent> = fc.oneof(
  fc
    .tuple(text, at, seen(fc.array(row, {maxLength: 4})))
    .map(([node, time, rows]) => ({type: 'looks' as const, looks: [look(node, time, rows.known ? bgp(...rows.value) : rows)]})),
  fc.tuple(seen(fc.array(text, {maxLength: 4}))).map(([names]) => cluster(names.known ? known(names.value.map(name => facts(name, {kernel: name}))) : names)),
  fc.tuple(text, at, seen(amount), seen(fc.dictionary(text, amount))).map(([node, time, number, errors]) => ({
    type: 'felix' as const,
    samples: [{node, at: time, felix: known(numbers({memoryBytes: number, cpuSeconds: number, applySeconds: number, errors, programmed: errors}))}],
  })),
  fc.tuple(text, at, seen(amount), amount).map(([name, time, used, size]) => ({
    type: 'ipam' as const,
    seen: {at: time, pools: known([{name, cidr: name, disabled: false, size, used, blocks: used, maxBlocks: size}])},
  })),
  fc
    .tuple(text, text, at)
    .map(([message, command, time]) =>
      report([finding({message, evidence: [message], fix: [{text: message, command}], subjects: [{kind: 'Node', name: command}]})], time),
    ),
  fc.tuple(text, at).map(([detail, time]) => ({type: 'api' as const, at: time, connected: false as const, detail, retryAt: time})),
  text.map(words => ({type: 'told' as const, text: words})),
  fc.constant({type: 'anew' as const}),
)
const pressed = fc.oneof(
  text,
  fc.constantFrom(
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '\t',
    'j',
    'k',
    'G',
    'g',
    's',
    'S',
    '/',
    '!',
    '(',
    '\r',
    '\x1b\x1b',
    '?',
    'c',
    'r',
    'p',
    'w',
    '\x1b[6~',
    '\x7f',
  ),
)
const event: fc.Arbitrary<Event> = fc.oneof(
  told,
  pressed.map(chunk => ({type: 'keys' as const, keys: keysOf(chunk).keys})),
  fc.record({type: fc.constant('resize' as const), columns: fc.integer({min: 1, max: 250}), rows: fc.integer({min: 1, max: 70})}),
  at.map(now => ({type: 'tick' as const, now})),
)

test('whatever is told and pressed: a whole frame, no wider than the screen, and nothing that a terminal obeys but colour', () => {
  fc.assert(
    fc.property(fc.array(event, {maxLength: 25}), fc.boolean(), (events, unicode) => {
      let state = screenOf(incident, {unicode})
      for (const one of events) {
        state = after(state, one)
        const lines = frameOf(state)
        expect(lines).toHaveLength(state.size.rows)
        for (const line of lines) {
          const painted = paint(line, state.size.columns, state.look)
          const plain = painted.replaceAll(/\x1b\[[\d;]*m/g, '')
          expect(plain).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e]/u)
          expect(columns(plain)).toBeLessThanOrEqual(state.size.columns)
        }
      }
    }),
    {numRuns: 150},
  )
})

test('above 20,000 sessions only those that are not established are shown, and it says so', () => {
  const rows = Array.from({length: 999}, (_, index) => session({peerAddress: `10.1.${index >> 8}.${index & 255}`}))
  const ill = {...rows[0]!, status: 'down' as const, info: 'Active'}
  const looks = Array.from({length: 25}, (_, node) => look(`worker-${node}`, start, bgp(...(node === 7 ? [ill, ...rows.slice(1)] : rows))))
  const state = typed(screenOf([{type: 'looks', looks}]), '2')
  expect(textOf(state)).toContain('over 20,000 sessions: only those that are not established, of 24,975')
  expect(linesOf(state).filter(line => /^[✗✓?]/.test(line))).toHaveLength(1)
})
