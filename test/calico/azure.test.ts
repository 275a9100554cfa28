import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readChassisTag} from '../../src/collectors/node/chassis-tag.ts'

const read = (stdout: string, exit = 0, stderr = '') => readChassisTag({stdout, exit, stderr})

test('a chassis tag is had as it is', () =>
  expect(read('7783-7084-3265-9085-8269-3286-77\n')).toEqual({known: true, value: '7783-7084-3265-9085-8269-3286-77'}))
test('a machine without DMI has none', () => {
  expect(read('', 1, 'cat: /sys/class/dmi/id/chassis_asset_tag: No such file or directory\n')).toMatchObject({why: 'absent'})
  expect(read('', 1, 'cat: /sys/class/dmi/id/chassis_asset_tag: No such device\n')).toMatchObject({why: 'absent'})
})
test('a refusal is not absence', () => expect(read('', 1, 'cat: Permission denied')).toMatchObject({why: 'failed'}))
test('never throws', () => fc.assert(fc.property(fc.string(), fc.string(), (stdout, stderr) => void read(stdout, 1, stderr))))
