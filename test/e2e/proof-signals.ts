import {execFileSync} from 'node:child_process'
import {readdirSync} from 'node:fs'

/** Sends a signal to the etcd or kube-apiserver of this control plane, which noted its pid in its folder (leftovers.ts). */
export function signal({folder}: {readonly folder: string}, program: 'etcd' | 'kube-apiserver', name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  const pids = readdirSync(folder).flatMap(file => Number(/^(\d+)\.pid$/.exec(file)?.[1]) || [])
  const pid = pids.find(one => commandOf(one).includes(`/${program} `))
  if (pid === undefined) throw new Error(`no ${program} of ${folder} runs`)
  process.kill(pid, name)
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {encoding: 'utf8'})
  } catch {
    return ''
  }
}
