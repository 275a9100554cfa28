import {setTimeout as pause} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {keeping} from '../../src/cli/bundle-keep.ts'

const press = () => process.emit('SIGINT')
const never = new Promise<never>(() => {})

test('the first Ctrl-C ends the asking, and the work closes with what it has', async () => {
  const kept = keeping(60_000, async ({signal, why, asking}) => {
    await asking(new Promise<void>(resolve => signal.addEventListener('abort', () => resolve())))
    await pause(20)
    return why()
  })
  press()
  expect(await kept).toBe('interrupted')
})

test('the time ends the asking, too', async () => {
  expect(await keeping(20, ({signal, why}) => new Promise(resolve => signal.addEventListener('abort', () => resolve(why()))))).toBe('timeout')
})

test('a second Ctrl-C gives up, whatever the work is at', async () => {
  const kept = keeping(60_000, () => never)
  press()
  press()
  await expect(kept).rejects.toMatchObject({name: 'Interrupted'})
  expect(process.listenerCount('SIGINT')).toBe(0)
})

test('what fails because of Ctrl-C is an interruption; what fails of itself is its own', async () => {
  const failing = (ms: number) => keeping(60_000, ({asking}) => asking(pause(ms).then(() => Promise.reject(new Error('own')))))
  await expect(failing(1)).rejects.toThrow('own')
  const kept = failing(20)
  press()
  await expect(kept).rejects.toMatchObject({name: 'Interrupted'})
})
