// What programs cost, and what is printed of it. CPU and wall in ms, memory in MiB.
import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'calico-doctor-bench-'))
process.once('exit', () => rmSync(folder, {recursive: true, force: true}))
const gnuTime = '/usr/bin/time'
const note = join(folder, 'cost')

/** A Node program. Wall with its start-up. */
export function costOfNode(argv, env = {}) {
  const wallMs = run(process.execPath, ['--import', join(root, 'bench/usage.js'), ...argv], {...env, BENCH_COST: note})
  const {cpuMs, peakMiB} = JSON.parse(readFileSync(note, 'utf8'))
  return {wallMs, cpuMs, peakMiB}
}

/** Any other program: by GNU time, and where there is none, wall alone. */
export function costOf(command, argv, env = {}) {
  if (!existsSync(gnuTime)) return {wallMs: run(command, argv, env), cpuMs: Number.NaN, peakMiB: Number.NaN}
  const wallMs = run(gnuTime, ['-o', note, '-f', '%U %S %M', command, ...argv], env)
  const [user, system, peak] = readFileSync(note, 'utf8').trim().split('\n').at(-1).split(' ').map(Number)
  return {wallMs, cpuMs: (user + system) * 1000, peakMiB: peak / 1024}
}

function run(command, argv, env) {
  const started = performance.now()
  const {status, stderr, error} = spawnSync(command, argv, {env: {...process.env, ...env}, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8'})
  const wallMs = performance.now() - started
  // 1: a finding or a session that is down; 3: not enough was seen, as with --exec none.
  if (![0, 1, 3].includes(status)) throw new Error(`${command} ${argv.join(' ')}: exit ${status} ${error?.message ?? ''}\n${stderr}`)
  return wallMs
}

/** One program after the other. */
export const inSum = costs => ({
  wallMs: costs.reduce((sum, {wallMs}) => sum + wallMs, 0),
  cpuMs: costs.reduce((sum, {cpuMs}) => sum + cpuMs, 0),
  peakMiB: Math.max(...costs.map(({peakMiB}) => peakMiB)),
})

/** Measures all variants in turn, so that noise meets all alike, and takes the quickest look at each. */
export function bestOf(rounds, variants) {
  const looks = Object.entries(variants).map(([name, measure]) => ({name, measure, costs: []}))
  for (let round = 0; round < rounds; round++) for (const {measure, costs} of looks) costs.push(measure())
  return Object.fromEntries(looks.map(({name, costs}) => [name, costs.toSorted((a, b) => a.wallMs - b.wallMs)[0]]))
}

export function printRows(costs, base) {
  for (const [name, {wallMs, cpuMs, peakMiB}] of Object.entries(costs)) {
    const ratios = base ? `wall ${ratio(wallMs, base.wallMs)}  CPU ${ratio(cpuMs, base.cpuMs)}  ` : ''
    console.log(`  ${name.padEnd(36)} ${ratios}peak ${String(Math.round(peakMiB)).padStart(4)} MiB  (${Math.round(wallMs)} ms, CPU ${Math.round(cpuMs)} ms)`)
  }
}
const ratio = (value, base) => `${(value / base).toFixed(2)} ×`.padStart(7)

export const seconds = ms => `${(ms / 1000).toFixed(1)} s`
