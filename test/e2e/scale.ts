import {parseArgs} from 'node:util'
import {kubeconfigOf} from './api.ts'
import {findAssets} from './assets.ts'
import {startScale} from './scale-cluster.ts'

/**
 * `node test/e2e/scale.ts [--nodes=1000] [--pods=20000]`: a real API server with so much in it, until SIGTERM or Ctrl-C. Prints a kubeconfig of an
 * administrator, or exits with 69 (EX_UNAVAILABLE) where there are no programs.
 */
const {values} = parseArgs({options: {nodes: {type: 'string', default: '1000'}, pods: {type: 'string', default: '20000'}}})
const found = await findAssets()
if ('missing' in found) {
  process.stderr.write(`${found.missing}\n`)
  process.exit(69)
}
const cluster = await startScale({assets: found.assets, nodes: Number(values.nodes), pods: Number(values.pods)})
process.stdout.write(`${kubeconfigOf(cluster.admin.identity)}\n`)
await new Promise(resolve => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
})
await cluster.close()
process.exit()
