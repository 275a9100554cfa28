import {expect, test} from 'vitest'
import {Interrupted} from '../../src/cli/interrupt.ts'
import {startDeadline} from '../../src/cluster/deadline.ts'

test.each([
  [new Interrupted('interrupted'), 'interrupted before the answer was whole'],
  [new DOMException('', 'TimeoutError'), 'the overall time was over'],
])('%s ends a request with its own words', async (reason, message) => {
  const end = new AbortController()
  const deadline = startDeadline({timeoutMs: 10_000, signal: end.signal})
  end.abort(reason)
  await expect(deadline.race(new Promise(() => {}))).rejects.toMatchObject({message})
  deadline.clear()
})
