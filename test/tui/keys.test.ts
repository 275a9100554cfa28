import fc from 'fast-check'
import {expect, test} from 'vitest'
import {endedKeys, keysOf} from '../../src/tui/keys.ts'

const text = (...characters: string[]) => characters.map(character => ({text: character}))

test('several keys in one chunk all count', () =>
  expect(keysOf('jjj\x1b[Bk\r')).toEqual({keys: [...text('j', 'j', 'j'), 'down', ...text('k'), 'enter'], rest: ''}))

test.each([
  ['\x1b[A', 'up'],
  ['\x1bOB', 'down'],
  ['\x1b[5~', 'pageup'],
  ['\x1b[6~', 'pagedown'],
  ['\x1b[H', 'home'],
  ['\x1b[4~', 'end'],
  ['\x1b[Z', 'shift-tab'],
  ['\t', 'tab'],
  ['\x7f', 'backspace'],
  ['\x03', 'ctrl-c'],
  ['\x1a', 'ctrl-z'],
])('%j is %s', (chunk, key) => expect(keysOf(chunk)).toEqual({keys: [key], rest: ''}))

test('a sequence torn in two is one key', () => {
  const first = keysOf('j\x1b[')
  expect(first).toEqual({keys: text('j'), rest: '\x1b['})
  expect(keysOf(`${first.rest}Bk`)).toEqual({keys: ['down', ...text('k')], rest: ''})
})

test('an escape character that nothing follows is the Escape key', () => {
  expect(keysOf('\x1b')).toEqual({keys: [], rest: '\x1b'})
  expect(endedKeys('\x1b')).toEqual(['escape'])
  expect(keysOf('\x1b\x1b')).toEqual({keys: ['escape'], rest: '\x1b'})
  expect(keysOf('\x1bq').keys).toEqual(['escape', ...text('q')])
})

test('keys and answers of terminals that mean nothing here are no text', () => {
  for (const chunk of ['\x1b[1;5P', '\x1b[?62;4c', '\x1b]11;rgb:0000/0000/0000\x07', '\x1bP1+r544e\x1b\\', '\x1b[200~', '\x1b[I'])
    expect(keysOf(`${chunk}j`), JSON.stringify(chunk)).toEqual({keys: text('j'), rest: ''})
})

test('whatever comes, in whatever pieces: no throw, no control character, and the same keys', () => {
  const chunks = fc.array(fc.oneof(fc.string({unit: 'grapheme'}), fc.constantFrom('\x1b', '\x1b[', '\x1b[A', '\x1bO', '\x1b]0;', '\x07', '\x00', '\ud800')), {
    maxLength: 12,
  })
  fc.assert(
    fc.property(chunks, pieces => {
      let rest = ''
      for (const piece of pieces) {
        const read = keysOf(rest + piece)
        rest = read.rest
        for (const key of read.keys) if (typeof key !== 'string') expect(key.text).not.toMatch(/[\p{Cc}\p{Cs}]/u)
      }
      endedKeys(rest)
    }),
  )
})
