import {spawn} from 'node:child_process'
import {expect, test} from 'vitest'
import {type Collected, known, unknown} from '../../src/engine/collected.ts'
import type {ExecOutput, Probe} from '../../src/engine/collector.ts'
import {type RunScript, scriptDoor} from '../../src/engine/script-door.ts'

/** A real shell, bounded as a real transport is. */
const shell: RunScript = (_node, script, {maxBytes, timeoutMs}) =>
  new Promise(resolve => {
    const child = spawn('sh', ['-c', script])
    let [stdout, stderr] = ['', '']
    const end = (cut?: ExecOutput['cut']) => resolve(known({stdout, stderr, exit: child.exitCode ?? undefined, ...(cut && {cut})}))
    child.stdout.on('data', chunk => {
      stdout += chunk
      if (stdout.length > maxBytes) child.kill(), end({reason: 'flood', detail: `more than ${maxBytes} bytes`})
    })
    child.stderr.on('data', chunk => (stderr += chunk))
    child.on('close', () => end())
    setTimeout(() => (child.kill(), end({reason: 'timeout', detail: ''})), timeoutMs).unref()
  })
const probes = (all: Record<string, string[]>) =>
  new Map<string, Probe>(Object.entries(all).map(([name, argv]) => [name, {tries: [argv], maxLines: 1_000_000}]))
const limits = {timeoutMs: 6_000, maxBytes: 100_000}
const answered =
  (data: Collected<ExecOutput>): RunScript =>
  async () =>
    data

test('one script, one answer per probe', async () => {
  const answers = await scriptDoor(shell).ask({name: 'a'}, probes({hello: ['printf', 'hello'], no: ['false']}), limits)
  expect(answers.get('hello')).toMatchObject({known: true, value: {stdout: 'hello', exit: 0}})
  expect(answers.get('no')).toMatchObject({known: true, value: {exit: 1}})
})

test('when one probe floods, it is unknown and a second script asks the rest', async () => {
  const answers = await scriptDoor(shell).ask({name: 'a'}, probes({first: ['printf', '1'], flood: ['seq', '500000'], last: ['printf', '3']}), {
    ...limits,
    maxBytes: 50_000,
  })
  expect(answers.get('first')).toMatchObject({known: true, value: {stdout: '1'}})
  expect(answers.get('flood')).toMatchObject({known: false, why: 'failed', detail: expect.stringContaining('flood')})
  expect(answers.get('last')).toMatchObject({known: true, value: {stdout: '3'}})
})

test('what cannot be asked is unknown for every probe, with the cause', async () => {
  const answers = await scriptDoor(answered(unknown('forbidden', 'no exec'))).ask({name: 'a'}, probes({one: ['x'], two: ['y']}), limits)
  expect([...answers.values()]).toEqual([unknown('forbidden', 'no exec'), unknown('forbidden', 'no exec')])
})

test.each([
  [{stdout: '', stderr: '', exit: undefined, cut: {reason: 'timeout', detail: ''}}, {why: 'timeout'}],
  [
    {stdout: '', stderr: '', exit: undefined, cut: {reason: 'dropped', detail: 'the connection was dropped'}},
    {why: 'failed', detail: 'the connection was dropped'},
  ],
  [
    {stdout: '', stderr: 'sh: not found', exit: 127},
    {why: 'failed', detail: 'the probe script ended early: exit 127 sh: not found'},
  ],
] as const)('no answer at all: %o', async (output, expected) => {
  const answers = await scriptDoor(answered(known(output))).ask({name: 'a'}, probes({one: ['x']}), limits)
  expect(answers.get('one')).toMatchObject({known: false, ...expected})
})

test('one probe alone may take two thirds of the time, one of several a third', async () => {
  const scripts: string[] = []
  const door = scriptDoor(async (_node, script) => (scripts.push(script), known({stdout: '', stderr: '', exit: 0})))
  await door.ask({name: 'a'}, probes({one: ['x']}), limits)
  await door.ask({name: 'a'}, probes({one: ['x'], two: ['y']}), limits)
  expect(scripts.map(script => /timeout (\d+)'/.exec(script)?.[1])).toEqual(['4', '2'])
})
