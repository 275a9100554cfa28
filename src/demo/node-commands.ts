import {matchesGlob} from '../engine/node-pattern.ts'
import {showProtocols, showProtocolsAll, showStatus, showTroubled} from './bird-output.ts'
import {ipAddr} from './ip-output.ts'
import {conntrackStatistics, ipLinks, ipsetList, iptablesSave, nftRuleset, processStates, serviceStates, tcQdiscs} from './node-dumps.ts'
import {cniLogLine, commonFiles} from './node-files.ts'
import {birdInterfaces, birdRoutes, bpfRoutes, ipNeighbours, ipRoutes, ipRules} from './node-routes.ts'
import type {CommandOutput, SimulatedBird, SimulatedNode} from './simulated-node.ts'

const said = (stdout: string): CommandOutput => ({exit: 0, stdout, stderr: ''})
const failed = (exit: number, stderr: string, stdout = ''): CommandOutput => ({exit, stdout, stderr})
const noSuchCommand = (name: string) => failed(127, `sh: line 1: ${name}: command not found\n`)

/** What a command prints inside the node's calico-node container; 127 for what that image does not have. */
export function runOnNode(node: SimulatedNode, argv: readonly string[]): CommandOutput {
  const fixed = node.commands?.[argv.join(' ')]
  if (fixed) return fixed
  const [command = '', ...rest] = argv
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined
  return run ? run(node, rest) : noSuchCommand(command)
}

type Command = (node: SimulatedNode, argv: readonly string[]) => CommandOutput
const commands: Record<string, Command> = {
  birdcl: (node, argv) => birdcl(node, node.bird, '/var/run/calico/bird.ctl', argv),
  birdcl6: (node, argv) => birdcl(node, node.bird6, '/var/run/calico/bird6.ctl', argv),
  ip,
  cat,
  grep,
  ls,
  sh,
  tc: node => said(tcQdiscs(node)),
  conntrack: (_node, [flag]) => (flag === '-S' ? said(conntrackStatistics) : flag === '-C' ? said('1874\n') : failed(2, 'conntrack: not simulated\n')),
  'iptables-nft-save': node => said(iptablesSave(node, 4)),
  'ip6tables-nft-save': node => said(iptablesSave(node, 6)),
  nft: node => said(nftRuleset(node)),
  ipset: node => said(ipsetList(node)),
  bpftool: () => said(''),
  calico: (node, argv) => (isCombined(node) ? calicoNode(node, argv.slice(2)) : noSuchCommand('calico')),
  'calico-node': (node, argv) => (isCombined(node) ? noSuchCommand('calico-node') : calicoNode(node, argv)),
  true: () => said(''),
  false: () => failed(1, ''),
  echo: (_node, argv) => said(`${argv.join(' ')}\n`),
}

/** From 3.33 on one binary does everything (facts: cmd/calico). */
function isCombined({calicoVersion}: SimulatedNode): boolean {
  const [major = 0, minor = 0] = calicoVersion.split('.').map(Number)
  return major > 3 || minor >= 33
}

/** `calico component node …` and `calico-node …`. */
function calicoNode(node: SimulatedNode, [word = '', ...words]: readonly string[]): CommandOutput {
  if (word === 'version' || word === '-v') return said(`v${node.calicoVersion}\n`)
  if (word === 'health' || word.endsWith('-ready')) return said('')
  if (word === 'bpf' || word === '-bpf') return bpfDump(node, words.join(' '))
  return failed(1, `unknown command ${word}\n`)
}

/** Felix makes maps whatever the dataplane should be, if the kernel can (felix/bpf/bpf.go: 5.3). */
function bpfDump(node: SimulatedNode, what: string): CommandOutput {
  const [major = 0, minor = 0] = node.kernelVersion.split('.').map(Number)
  if (major < 5 || (major === 5 && minor < 3)) return failed(1, 'Failed to open map: no such file or directory\n')
  return said(what === 'routes dump' ? bpfRoutes(node) : '')
}

function ip(node: SimulatedNode, argv: readonly string[]): CommandOutput {
  const asked = argv.join(' ')
  if (asked === '-j -d addr') return said(ipAddr(node.links))
  if (asked === '-s -d link show') return said(ipLinks(node))
  if (asked === '-s neigh show') return said(ipNeighbours(node))
  const family = argv[0] === '-6' ? 6 : 4
  if (argv.includes('route')) return said(ipRoutes(node, family))
  return argv.includes('rule') ? said(ipRules(family)) : failed(255, 'Object is not simulated.\n')
}

function birdcl(node: SimulatedNode, bird: SimulatedBird | undefined, socket: string, argv: readonly string[]): CommandOutput {
  const [flag, path = '', ...words] = argv
  if (flag !== '-s') return failed(1, 'Usage: birdcl [-s <control-socket>] [-v] [-r]\n')
  if (!bird || path !== socket) return failed(1, noDaemon(path))
  const asked = words.join(' ')
  if (asked === 'show protocols') return said(showProtocols(bird))
  if (asked === 'show status') return said(showStatus(bird))
  const answer = birdAnswers[asked]?.(node, bird)
  if (answer !== undefined) return said(`BIRD ${bird.version} ready.\n${answer}`)
  const all = /^show protocols all(?: '?([A-Za-z0-9_.:-]+)'?)?$/.exec(asked)
  return all ? said(showProtocolsAll(bird, all[1])) : said(`BIRD ${bird.version} ready.\nsyntax error\n`)
}
const birdAnswers: Readonly<Record<string, (node: SimulatedNode, bird: SimulatedBird) => string>> = {
  'show interfaces': birdInterfaces,
  'show route': birdRoutes,
  'show route count': (node, bird) => {
    const count = birdRoutes(node, bird).split('\n').length - 1
    return `${count} of ${count} routes for ${count} networks\n`
  },
}
const noDaemon = (path: string) => `Unable to connect to server control socket (${path}): No such file or directory\n`

/** Scripts that are known: the details of sessions that are not Established, and those of src/evidence/node-scripts.ts by a word in them. */
function sh(node: SimulatedNode, [flag, script = '']: readonly string[]): CommandOutput {
  const known = flag === '-c' ? scripts.find(([word]) => script.includes(word)) : undefined
  if (known) return known[1](node)
  // Where the module is loaded, the command; it is on all nodes.
  const guarded = /modules\.builtin[\s\S]*\nexec ([^\n]+)$/.exec(script)?.[1]
  if (flag === '-c' && guarded) return runOnNode(node, guarded.split(' '))
  const loop = /\b(birdcl6?) -s (\S+) show protocols all/.exec(script)
  if (flag !== '-c' || !loop) return noSuchCommand('sh')
  const bird = loop[1] === 'birdcl6' ? node.bird6 : node.bird
  const most = Number(/\bsed (\d+)q/.exec(script)?.[1] ?? 50)
  return bird ? said(showTroubled(bird, most)) : failed(1, noDaemon(loop[2]!))
}

const scripts: readonly (readonly [word: string, run: (node: SimulatedNode) => CommandOutput])[] = [
  ['sv status', node => said(serviceStates(node))],
  ['/proc/[0-9]*/status', node => said(processStates(node))],
  ['/var/log/calico/cni', node => said(`==> cni.log <==\n${cniLogLine(node)}`)],
  // Legacy tables are in use on none.
  ['tables_names', () => failed(3, '')],
]

function cat(node: SimulatedNode, paths: readonly string[]): CommandOutput {
  const files = filesOf(node)
  const missing = paths.filter(path => !files.has(path))
  const stderr = missing.map(path => `cat: ${path}: No such file or directory\n`).join('')
  return {exit: missing.length === 0 ? 0 : 1, stdout: paths.map(path => files.get(path)?.() ?? '').join(''), stderr}
}

/** Its own files, and beside them what every machine has. */
function filesOf(node: SimulatedNode): ReadonlyMap<string, () => string> {
  const own = Object.entries(node.files).map(([path, text]) => [path, () => text] as const)
  return new Map([...Object.entries(commonFiles(node)), ...own])
}

/** `ls -ln FOLDER…`, names only. */
function ls(node: SimulatedNode, argv: readonly string[]): CommandOutput {
  const folders = argv.filter(word => !word.startsWith('-'))
  const inside = (folder: string) => [...filesOf(node).keys()].filter(path => path.startsWith(`${folder}/`)).map(path => path.slice(folder.length + 1))
  const missing = folders.filter(folder => inside(folder).length === 0)
  const listing = folders
    .filter(folder => !missing.includes(folder))
    .map(
      folder =>
        `${folder}:\n${inside(folder)
          .map(name => `-rw-r--r-- 1 0 0 512 Nov 17 22:04 ${name}\n`)
          .join('')}`,
    )
  return {
    exit: missing.length === 0 ? 0 : 2,
    stdout: listing.join('\n'),
    stderr: missing.map(folder => `ls: cannot access '${folder}': No such file or directory\n`).join(''),
  }
}

/** `grep [-RrHohEs] [--include=GLOB] PATTERN PATH…` over the node's files. */
function grep(node: SimulatedNode, argv: readonly string[]): CommandOutput {
  const options = argv.filter(word => word.startsWith('-'))
  const [pattern = '', ...paths] = argv.filter(word => !word.startsWith('-'))
  const letters = options.filter(word => !word.startsWith('--')).join('')
  const includes = options.flatMap(word => (word.startsWith('--include=') ? [word.slice('--include='.length)] : []))
  const within = (file: string, path: string) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`)
  const all = filesOf(node)
  const names = [...all.keys()]
  const missing = paths.filter(path => !names.some(file => within(file, path)))
  const files = names.filter(file => paths.some(path => within(file, path)) && isIncluded(file, includes))
  const expression = new RegExp(pattern.replaceAll('[:space:]', String.raw`\s`), 'g')
  const lines = files.flatMap(file =>
    matchingLines(all.get(file)!(), expression, letters.includes('o')).map(line => (letters.includes('H') ? `${file}:${line}` : line)),
  )
  const stderr = letters.includes('s') ? '' : missing.map(path => `grep: ${path}: No such file or directory\n`).join('')
  return {exit: missing.length > 0 ? 2 : lines.length > 0 ? 0 : 1, stdout: lines.map(line => `${line}\n`).join(''), stderr}
}

const isIncluded = (file: string, globs: readonly string[]) =>
  globs.length === 0 || globs.some(glob => matchesGlob(file.slice(file.lastIndexOf('/') + 1), glob))

const matchingLines = (text: string, pattern: RegExp, onlyMatches: boolean): string[] =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .flatMap(line => {
      const matches = line.match(pattern)
      return matches === null ? [] : onlyMatches ? matches : [line]
    })
