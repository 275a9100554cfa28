import {type Unknown, unknown} from '../engine/collected.ts'
import {troubles} from './ssh-script.ts'
import {oneLine} from './words.ts'

/** Why nothing came from a host: ssh's own words, or those of the script's first lines. undefined when neither explains it. */
export function troubleOnHost(exit: number, stderr: string, address: string): Unknown | undefined {
  const said = oneLine(stderr.trim().split('\n').slice(-3).join(' | '))
  const because = (why: Unknown['why'], text: string) => unknown(why, `ssh ${address}: ${text}`)
  switch (exit) {
    case 127:
      return because('failed', 'there is no ssh on this machine')
    case troubles.noCrictl:
      return because('failed', 'this host has no crictl, so its calico-node container cannot be reached')
    case troubles.noSudo:
      return because('forbidden', `crictl needs root, and sudo refuses: ${said}`)
    case troubles.crictlFailed:
      return because('failed', `crictl cannot list containers: ${said}`)
    case troubles.noContainer:
      return because('unreachable', 'no calico-node container runs on this host')
    case 255:
      return because(whyOf(stderr), nextFor(stderr, said))
    default:
      return undefined
  }
}

function whyOf(stderr: string): Unknown['why'] {
  if (/Permission denied|Too many authentication failures/.test(stderr)) return 'forbidden'
  if (/timed out/i.test(stderr)) return 'timeout'
  return /Host key verification failed|Bad configuration option|keyword|no matching/.test(stderr) ? 'failed' : 'unreachable'
}

function nextFor(stderr: string, said: string): string {
  if (/Host key verification failed/.test(stderr))
    return `its host key is not known here, or has changed: ${said.replace(/\.$/, '')}. Connect once by hand, or give --ssh-option StrictHostKeyChecking=accept-new`
  return said
}
