import {randomBytes} from 'node:crypto'
import {type Collected, unknown} from './collected.ts'
import type {ExecOutput, Limits, NodeDoor, NodeToAsk, Probe, ProbeOutput} from './collector.ts'
import {probeScript, readProbes} from './probe-script.ts'

/** Runs one shell script beside BIRD on a node: by pod exec, or by ssh and crictl. */
export type RunScript = (node: NodeToAsk, script: string, limits: Limits) => Promise<Collected<ExecOutput>>
type Answers = Map<string, Collected<ProbeOutput>>

/** One framed script per node; when one probe floods, a second exec asks those that came after it. */
export function scriptDoor(run: RunScript): NodeDoor {
  return {
    async ask(node, probes, limits) {
      const started = performance.now()
      const {answers, flooded} = await askOnce(run, node, probes, limits)
      const rest = new Map([...probes].filter(([source]) => !answers.has(source)))
      const left = limits.timeoutMs - (performance.now() - started)
      if (!flooded || rest.size === 0 || left <= 0) return answers
      const again = await askOnce(run, node, rest, {...limits, timeoutMs: left})
      return new Map([...answers, ...again.answers])
    },
  }
}

async function askOnce(run: RunScript, node: NodeToAsk, probes: ReadonlyMap<string, Probe>, limits: Limits): Promise<{answers: Answers; flooded: boolean}> {
  const nonce = randomBytes(12).toString('hex')
  const output = await run(node, probeScript(probes, nonce, secondsOf(probes, limits)), limits)
  if (!output.known) return {answers: new Map([...probes.keys()].map(source => [source, output])), flooded: false}
  const {stdout, stderr, cut} = output.value
  const seen = readProbes(stdout, stderr, probes, nonce)
  const answers: Answers = new Map([...seen].map(([source, value]) => [source, {known: true, value}]))
  const unanswered = [...probes.keys()].filter(source => !seen.has(source))
  if (cut?.reason === 'flood') {
    const flooding = unanswered[0]
    if (flooding !== undefined) answers.set(flooding, unknown('failed', `its answer flooded: ${cut.detail}`))
    return {answers, flooded: true}
  }
  for (const source of unanswered) answers.set(source, unansweredBecause(output.value, limits))
  return {answers, flooded: false}
}

/** What one probe may take: a third, so that one that hangs leaves time for the others; two thirds for one that is alone. */
function secondsOf({size}: ReadonlyMap<string, Probe>, {timeoutMs}: Limits): number {
  return Math.max(1, Math.floor((timeoutMs * (size === 1 ? 2 : 1)) / 3000))
}

function unansweredBecause({cut, exit, stderr}: ExecOutput, {timeoutMs}: Limits): Collected<never> {
  if (cut?.reason === 'timeout') return unknown('timeout', `no complete answer in ${Math.round(timeoutMs / 1000)} s`)
  if (cut) return unknown('failed', cut.detail)
  return unknown('failed', `the probe script ended early: exit ${exit ?? 'unknown'} ${stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? ''}`.trimEnd())
}
