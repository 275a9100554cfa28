// What drawing the live view costs, against an empty ink app in the same run: `node bench/top.js`. An absolute share says little about another machine; the ratio does.
import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'calico-doctor-bench-'))
const noDevtools = {
  name: 'no-devtools',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^react-devtools-core$/}, ({path}) => ({path, namespace: 'none'}))
    onLoad({filter: /.*/, namespace: 'none'}, () => ({contents: 'export default {}'}))
  },
}

try {
  await build({
    entryPoints: [join(root, 'bench/top-drawing.js')],
    outfile: join(folder, 'drawing.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    jsx: 'automatic',
    banner: {js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url)"},
    define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
    plugins: [noDevtools],
    logLevel: 'warning',
  })
  const cost = what =>
    JSON.parse(spawnSync(process.execPath, [join(folder, 'drawing.mjs'), what], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit']}).stdout)
  const empty = cost('empty')
  console.log('Drawing at 10 frames a second, 120×40, 1,000 nodes and 5,000 sessions, 20 nodes seen anew each second')
  row('an empty ink app', empty, empty)
  for (const view of ['peers', 'nodes', 'felix', 'overview']) row(view, cost(view), empty)
} finally {
  rmSync(folder, {recursive: true})
}

function row(name, {share, peakMiB, frames}, base) {
  const ratio = `${(share / base.share).toFixed(2)} ×`
  console.log(
    `  ${name.padEnd(18)} ${ratio.padStart(8)}  ${(share * 100).toFixed(1)} % of a core (aim 15), ${Math.round(peakMiB)} MiB (aim 200), ${frames.toFixed(1)} frames a second`,
  )
}
