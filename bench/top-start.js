// From start to what a person sees in a terminal, against node printing one word in the same terminal: `node bench/top-start.js`. Needs tmux.
import {spawn, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const cli = fileURLToPath(new URL('../bin/run.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'calico-doctor-bench-'))
const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const tmux = (...argv) => spawnSync('tmux', ['-L', `calico-doctor-bench-${process.pid}`, ...argv], {encoding: 'utf8'})

if (tmux('-V').status !== 0) {
  console.log('Start of top: not measured, there is no tmux here')
} else {
  const server = spawn(process.execPath, [cli, 'demo', '--serve'], {stdio: ['ignore', 'pipe', 'inherit']})
  try {
    const kubeconfig = join(folder, 'kubeconfig')
    writeFileSync(kubeconfig, await new Promise(resolve => server.stdout.once('data', resolve)))
    const word = seen(`-e "console.log('Overview'); setTimeout(() => {}, 9e6)"`, 'Overview')
    const frame = seen(`${cli} top --kubeconfig=${kubeconfig}`, 'Overview')
    const judged = seen(`${cli} top --kubeconfig=${kubeconfig}`, '12 of 12 nodes answered')
    console.log('Start of top on the simulated cluster, median of 5, until a terminal shows it')
    for (const [name, ms] of [
      ['one word of node', word],
      ['first frame', frame],
      ['all nodes seen, judged', judged],
    ])
      console.log(`  ${name.padEnd(24)} ${(ms / word).toFixed(2).padStart(5)} ×  ${Math.round(ms)} ms${name === 'first frame' ? ' (aim 1000)' : ''}`)
  } finally {
    server.kill()
    tmux('kill-server')
    rmSync(folder, {recursive: true})
  }
}

function seen(argv, text) {
  const once = () => {
    const started = performance.now()
    tmux('new-session', '-d', '-s', 'bench', '-x', '120', '-y', '40', `env -u CI ${process.execPath} ${argv}`)
    while (!tmux('capture-pane', '-p', '-t', 'bench').stdout.includes(text))
      if (performance.now() - started > 30_000) throw new Error(`${text} was never shown`)
    const ms = performance.now() - started
    tmux('kill-session', '-t', 'bench')
    return ms
  }
  return median(Array.from({length: 5}, once))
}
