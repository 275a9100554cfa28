import {matchesGlob} from '../engine/node-pattern.ts'
import {showProtocols, showProtocolsAll, showStatus, showTroubled} from './bird-output.ts'
import {ipAddr} from './ip-output.ts'
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
  birdcl: (node, argv) => birdcl(node.bird, '/var/run/calico/bird.ctl', argv),
  birdcl6: (node, argv) => birdcl(node.bird6, '/var/run/calico/bird6.ctl', argv),
  ip: (node, argv) => (argv.join(' ') === '-j -d addr' ? said(ipAddr(node.links)) : failed(255, 'Object is not simulated.\n')),
  cat,
  grep,
  sh,
  calico: (node, argv) => (isCombined(node) && argv.includes('version') ? said(`v${node.calicoVersion}\n`) : noSuchCommand('calico')),
  'calico-node': (node, argv) => (!isCombined(node) && argv[0] === '-v' ? said(`v${node.calicoVersion}\n`) : noSuchCommand('calico-node')),
  true: () => said(''),
  false: () => failed(1, ''),
  echo: (_node, argv) => said(`${argv.join(' ')}\n`),
}

/** From 3.33 on one binary does everything (facts: cmd/calico). */
function isCombined({calicoVersion}: SimulatedNode): boolean {
  const [major = 0, minor = 0] = calicoVersion.split('.').map(Number)
  return major > 3 || minor >= 33
}

function birdcl(bird: SimulatedBird | undefined, socket: string, argv: readonly string[]): CommandOutput {
  const [flag, path = '', ...words] = argv
  if (flag !== '-s') return failed(1, 'Usage: birdcl [-s <control-socket>] [-v] [-r]\n')
  if (!bird || path !== socket) return failed(1, noDaemon(path))
  const asked = words.join(' ')
  if (asked === 'show protocols') return said(showProtocols(bird))
  if (asked === 'show status') return said(showStatus(bird))
  const all = /^show protocols all(?: '?([A-Za-z0-9_.:-]+)'?)?$/.exec(asked)
  return all ? said(showProtocolsAll(bird, all[1])) : said(`BIRD ${bird.version} ready.\nsyntax error\n`)
}
const noDaemon = (path: string) => `Unable to connect to server control socket (${path}): No such file or directory\n`

/** The one shell loop that is known: the details of sessions that are not Established. */
function sh(node: SimulatedNode, [flag, script = '']: readonly string[]): CommandOutput {
  const loop = /\b(birdcl6?) -s (\S+) show protocols all/.exec(script)
  if (flag !== '-c' || !loop) return noSuchCommand('sh')
  const bird = loop[1] === 'birdcl6' ? node.bird6 : node.bird
  const most = Number(/\bsed (\d+)q/.exec(script)?.[1] ?? 50)
  return bird ? said(showTroubled(bird, most)) : failed(1, noDaemon(loop[2]!))
}

function cat(node: SimulatedNode, paths: readonly string[]): CommandOutput {
  const there = paths.filter(path => Object.hasOwn(node.files, path))
  const missing = paths.filter(path => !Object.hasOwn(node.files, path))
  const stderr = missing.map(path => `cat: ${path}: No such file or directory\n`).join('')
  return {exit: missing.length === 0 ? 0 : 1, stdout: there.map(path => node.files[path]!).join(''), stderr}
}

/** `grep [-RHohE] [--include=GLOB] PATTERN PATH…` over the node's files. */
function grep(node: SimulatedNode, argv: readonly string[]): CommandOutput {
  const options = argv.filter(word => word.startsWith('-'))
  const [pattern = '', ...paths] = argv.filter(word => !word.startsWith('-'))
  const letters = options.filter(word => !word.startsWith('--')).join('')
  const includes = options.flatMap(word => (word.startsWith('--include=') ? [word.slice('--include='.length)] : []))
  const within = (file: string, path: string) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`)
  const missing = paths.filter(path => !Object.keys(node.files).some(file => within(file, path)))
  const files = Object.keys(node.files).filter(file => paths.some(path => within(file, path)) && isIncluded(file, includes))
  const expression = new RegExp(pattern.replaceAll('[:space:]', String.raw`\s`), 'g')
  const lines = files.flatMap(file =>
    matchingLines(node.files[file]!, expression, letters.includes('o')).map(line => (letters.includes('H') ? `${file}:${line}` : line)),
  )
  const stderr = missing.map(path => `grep: ${path}: No such file or directory\n`).join('')
  return {exit: missing.length > 0 ? 2 : lines.length > 0 ? 0 : 1, stdout: lines.map(line => `${line}\n`).join(''), stderr}
}

const isIncluded = (file: string, globs: readonly string[]) =>
  globs.length === 0 || globs.some(glob => matchesGlob(file.slice(file.lastIndexOf('/') + 1), glob))

const matchingLines = (text: string, pattern: RegExp, onlyMatches: boolean): string[] =>
  text.split('\n').flatMap(line => {
    const matches = line.match(pattern)
    return matches === null ? [] : onlyMatches ? matches : [line]
  })
