// Ratios of one run on one machine; an absolute time says nothing. `npm run bench`.
import {spawn, spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'calico-doctor-bench-'))
const cli = join(root, 'bin/run.js')
const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

startUp()
await atSize({nodes: 1000, pods: 20_000})
rmSync(folder, {recursive: true})

/** Start-up against an empty Node, interleaved so that noise meets all alike. */
function startUp() {
  const variants = {
    'node -e 0': ['-e', '0'],
    '--version': [cli, '--version'],
    '--help': [cli, '--help'],
    explain: [cli, 'explain'],
    'explain bgp/session-down': [cli, 'explain', 'bgp/session-down'],
  }
  const times = Object.fromEntries(Object.keys(variants).map(name => [name, []]))
  for (let round = 0; round < 15; round++) {
    for (const [name, argv] of Object.entries(variants)) {
      const started = performance.now()
      spawnSync(process.execPath, argv, {stdio: 'ignore'})
      times[name].push(performance.now() - started)
    }
  }
  const base = median(times['node -e 0'])
  console.log('Start-up, median wall of 15, as a multiple of node -e 0')
  for (const [name, all] of Object.entries(times)) console.log(`  ${name.padEnd(26)} ${(median(all) / base).toFixed(2)} ×`)
}

/** A large cluster in a process of its own; the client is what is measured. */
async function atSize({nodes, pods}) {
  const server = spawn(process.execPath, [cli, 'demo', '--serve', '--scenario', 'healthy', `--nodes=${nodes}`, `--pods=${pods}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, await firstOutput(server.stdout))
  try {
    const download = best(() => cost([join(root, 'bench/download.js')], {KUBECONFIG: kubeconfig}))
    const api = best(() => cost([cli, 'check', '--exec=none', '-o=json', `--kubeconfig=${kubeconfig}`]))
    const exec = best(() => cost([cli, 'check', '--exec=pod', '-o=json', `--kubeconfig=${kubeconfig}`]))
    console.log(`\n${nodes} nodes, ${pods} pods, best of 3`)
    row('paged JSON download', download, download)
    row('check --exec none', api, download)
    row('check with node execs', exec, download)
    console.log(
      `  CPU of ours per node exec: ${((exec.cpuMs - api.cpuMs) / nodes).toFixed(2)} ms (aim 5); check --exec none: ${(api.wallMs / download.wallMs).toFixed(2)} × the download (aim 0.7), ${Math.round(api.peakMiB)} MiB (aim 250)`,
    )
  } finally {
    server.kill()
  }
}

function cost(argv, env = {}) {
  const file = join(folder, 'cost.json')
  const {status, stderr} = spawnSync(process.execPath, ['--import', join(root, 'bench/usage.js'), ...argv], {
    env: {...process.env, ...env, BENCH_COST: file},
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0 && status !== 1 && status !== 3) throw new Error(`${argv.join(' ')}: exit ${status}\n${stderr}`)
  return JSON.parse(readFileSync(file, 'utf8'))
}

function firstOutput(stream) {
  return new Promise(resolve => {
    let text = ''
    stream.on('data', chunk => {
      text += chunk
      if (text.includes('users:') && text.endsWith('\n')) resolve(text)
    })
  })
}

function best(measure) {
  return [1, 2, 3].map(measure).sort((a, b) => a.wallMs - b.wallMs)[0]
}

function row(name, {wallMs, cpuMs, peakMiB}, base) {
  const ratios = `wall ${(wallMs / base.wallMs).toFixed(2)} ×  CPU ${(cpuMs / base.cpuMs).toFixed(2)} ×`
  console.log(`  ${name.padEnd(24)} ${ratios}  peak ${Math.round(peakMiB)} MiB  (${Math.round(wallMs)} ms, ${Math.round(cpuMs)} ms)`)
}
