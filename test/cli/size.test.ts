import {expect, test} from 'vitest'
import {sizeBytes} from '../../src/cli/size.ts'

test.each([
  ['200M', 200e6],
  ['1G', 1e9],
  ['1.5g', 1.5e9],
  ['512Ki', 524_288],
  ['64MiB', 64 * 2 ** 20],
  ['100kB', 100e3],
  ['4096', 4096],
])('%s', (text, bytes) => expect(sizeBytes(text)).toBe(bytes))

test.each(['', '0', 'M', '10 M', '-1M', '1T', '1i', 'x', '1e9', '0.0001'])('%j is no size', text => expect(() => sizeBytes(text)).toThrow(/not a size/))
