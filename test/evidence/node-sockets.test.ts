import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readableSockets} from '../../src/evidence/node-sockets.ts'

const tail = '00000000:00000000 00:00000000 00000000     0        0 31337 1 0 100'
const of = (line: string, bigEndian = false) => readableSockets(`${line}\n`, {bigEndian})

test.each([
  ['/proc/net/tcp:   0: 00000000:00B3 00000000:0000 0A', 'LISTEN 0.0.0.0:179 0.0.0.0:0'],
  ['/proc/net/tcp:  11: 0100000A:00B3 0200000A:B042 01', 'ESTAB 10.0.0.1:179 10.0.0.2:45122'],
  ['/proc/net/tcp:   3: 0100000A:9C40 6300000A:00B3 02', 'SYN-SENT 10.0.0.1:40000 10.0.0.99:179'],
  ['/proc/net/tcp6:   0: 00000000000000000000000000000000:00B3 00000000000000000000000000000000:0000 0A', 'LISTEN [::]:179 [::]:0'],
  ['/proc/net/tcp6:   1: 100000FD000000000000000001000000:00B3 100000FD000000000000000002000000:8000 01', 'ESTAB [fd00:10::1]:179 [fd00:10::2]:32768'],
  [
    '/proc/net/tcp6:   1: 0000000000000000FFFF00000100000A:00B3 0000000000000000FFFF00000200000A:8000 06',
    'TIME-WAIT [::ffff:10.0.0.1]:179 [::ffff:10.0.0.2]:32768',
  ],
])('%s', (line, socket) => expect(of(`${line} ${tail}`)).toBe(`${socket} send-queue 0 receive-queue 0\n`))

test('on s390x words are the other way round', () => {
  expect(of(`/proc/net/tcp:   0: 0A000001:00B3 0A000002:B042 01 ${tail}`, true)).toMatch(/^ESTAB 10\.0\.0\.1:179 10\.0\.0\.2:45122 /)
})
test('no line leaves as it came', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      const lines = readableSockets(text, {bigEndian: false}).split('\n').slice(0, -1)
      for (const line of lines)
        expect(line).toMatch(/^(\(calico-doctor: a line that cannot be read\)|(state )?\S+ \S+:\d+ \S+:\d+ send-queue \d+ receive-queue \d+)$/)
    }),
  )
})
