import {readFile} from 'node:fs/promises'
import {hostname} from 'node:os'
import {type Collected, known, unknown} from '../engine/collected.ts'
import type {Limits, NodeDoor, Probe, ProbeOutput} from '../engine/collector.ts'
import {cutLines} from '../engine/probe-script.ts'
import {birdAnswerTo} from './local-bird.ts'
import {type CommandAnswer, runCommand} from './run-command.ts'

/** The node we are on: commands as argv, BIRD by its socket. Other nodes cannot be asked this way. */
export function localDoor({nodeName}: {readonly nodeName?: string} = {}): NodeDoor {
  return {
    async ask({name}, probes, limits) {
      const own = nodeName ?? (await localNodeName())
      const elsewhere = unknown('not-collected', `--exec local asks this node (${own}) only`)
      const answers = [...probes].map(async ([source, probe]) => [source, name === own ? await askProbe(probe, limits) : elsewhere] as const)
      return new Map(await Promise.all(answers))
    },
  }
}

/** As the script on other nodes has it: each probe gets a third of the node's time, and what an image lacks is tried by its next name. */
async function askProbe({tries, maxLines}: Probe, {timeoutMs, maxBytes, signal}: Limits): Promise<Collected<ProbeOutput>> {
  const started = performance.now()
  let argv: readonly string[] = tries[0]
  let answer: CommandAnswer = {exit: 127, stdout: '', stderr: ''}
  for (argv of tries) {
    const left = timeoutMs - (performance.now() - started)
    answer = await answerTo(argv, {timeoutMs: Math.max(1, Math.min(left, timeoutMs / 3)), maxBytes, signal})
    if (answer.exit !== 126 && answer.exit !== 127) break
  }
  const {exit, stdout, stderr, flooded} = answer
  if (flooded) return unknown('failed', `its answer flooded: more than ${maxBytes} bytes`)
  return known({argv, exit, ...cutLines(stdout, maxLines), stderr})
}

function answerTo(argv: readonly string[], limits: Limits | {timeoutMs: number; maxBytes: number; signal: AbortSignal | undefined}): Promise<CommandAnswer> {
  return birdAnswerTo(argv, limits) ?? runCommand(argv.map(onHost), limits)
}

/** The container sees the host's files under /host. */
const onHost = (word: string) => (word.startsWith('/host/') ? word.slice('/host'.length) : word)

/** What this node is called in the cluster: as calico-node wrote it down, else the host's name as the kubelet takes it. */
export async function localNodeName(file = '/var/lib/calico/nodename'): Promise<string> {
  const written = await readFile(file, 'utf8').catch(() => '')
  return written.trim() || hostname().toLowerCase()
}
