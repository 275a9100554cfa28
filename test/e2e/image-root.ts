import {existsSync, lstatSync, mkdirSync, realpathSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {type Executor, notInPath, type Started} from './executor.ts'

/** What calico-node's image keeps of UBI's programs (calico: node/clean-up-filesystem.sh); whatever is not here is missing there: uname, awk, head, ps, tar… */
const programs = [
  ...['bash', 'cat', 'ls', 'cp', 'rm', 'ln', 'date', 'echo', 'env', 'find', 'grep', 'gzip', 'zcat', 'hostname', 'kill', 'mkdir', 'mknod', 'more', 'nice'],
  ...['printf', 'readlink', 'sed', 'sleep', 'sort', 'stat', 'tail', 'tee', 'test', '[', 'timeout', 'touch', 'true', 'false', 'uniq', 'which', 'whoami'],
  ...['ip', 'tc', 'arp', 'conntrack', 'ipset', 'nft', 'modprobe', 'lsmod', 'insmod', 'bpftool'],
  ...['iptables', 'ip6tables'].flatMap(name => ['-nft', '-legacy'].flatMap(kind => ['', '-save', '-restore'].map(verb => `${name}${kind}${verb}`))),
]
/** Under another name here: UBI's sh is bash, and Debian packs BIRD's clients with readline only, which print the same when the command is on the line. */
const named: Readonly<Record<string, string>> = {sh: 'bash', birdcl: 'birdc', birdcl6: 'birdc6', bird: 'bird', bird6: 'bird6'}

export interface ImageRoot {
  /** A folder that exists and is ours. */
  readonly folder: string
  /** Whatever else lies in the container, by absolute path: `/var/lib/calico/mtu`, `/host/etc/cni/net.d/10-calico.conflist`. */
  readonly files?: Readonly<Record<string, string>>
  /** Shell scripts in /usr/bin by name: `calico-node` that says its version. */
  readonly scripts?: Readonly<Record<string, string>>
  /** The node's folder that is to appear as /var/run/calico. */
  readonly runCalico?: string
  /** Name of its network namespace; the machine's own when left out. */
  readonly namespace?: string
}

/** Where the machine's root is mounted inside. */
const real = '/.real'
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** The dynamic linker, the libraries of the machine's programs, and the kernel's file systems. */
const fromMachine = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/etc/ld.so.cache', '/dev', '/proc', '/sys']

/**
 * A root file system that looks like the inside of a calico-node container: its programs are links to this machine's, what the image lacks is not there.
 * Each command gets a mount namespace of its own, in which the machine's root is mounted behind it. Needs root on Linux.
 */
export function imageRoot({folder, files = {}, scripts = {}, runCalico, namespace}: ImageRoot): Executor {
  const at = (file: string) => join(folder, file)
  for (const made of [real, '/usr/bin', '/etc', '/root', '/tmp', '/var/run']) mkdirSync(at(made), {recursive: true})
  for (const [link, to] of Object.entries({'/bin': 'usr/bin', '/sbin': 'usr/bin', '/usr/sbin': 'bin'})) symlinkSync(to, at(link))
  for (const file of fromMachine.filter(file => existsSync(file))) symlinkSync(`${real}${file}`, at(file))
  for (const [name, to] of [...programs.map(name => [name, name] as const), ...Object.entries(named)]) linkProgram(at(`/usr/bin/${name}`), to)
  if (runCalico !== undefined) symlinkSync(`${real}${runCalico}`, at('/var/run/calico'))
  for (const [file, text] of Object.entries({'/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n', ...files})) write(at(file), text)
  for (const [name, script] of Object.entries(scripts)) write(at(`/usr/bin/${name}`), `#!/bin/sh\n${script}\n`, 0o755)
  return command => (isProgram(folder, command[0] ?? '') ? enter(folder, namespace, command) : notInPath(command[0] ?? ''))
}

function linkProgram(link: string, program: string): void {
  const found = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].map(folder => join(folder, program)).find(file => existsSync(file))
  // An absolute link of the machine's own would lead back into this root.
  if (found !== undefined) symlinkSync(`${real}${realpathSync(found)}`, link)
}

function write(file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(file), {recursive: true})
  writeFileSync(file, text, {mode})
}

/** A container runtime looks for the program before it starts anything. Seen from outside the links lead nowhere, so that one is there is enough. */
function isProgram(folder: string, program: string): boolean {
  const file = program.includes('/') ? join(folder, program) : join(folder, 'usr/bin', program)
  return program !== '' && lstatSync(file, {throwIfNoEntry: false}) !== undefined
}

function enter(folder: string, namespace: string | undefined, command: readonly string[]): Started {
  const apart = namespace === undefined ? ['unshare', '--mount', '--propagation', 'slave'] : ['ip', 'netns', 'exec', namespace]
  const script = `mount --rbind / "$1${real}" && exec chroot "$@"`
  return {file: '/usr/bin/env', args: [...apart, 'sh', '-c', script, 'sh', folder, ...command], env: {PATH: path, HOME: '/root'}}
}
