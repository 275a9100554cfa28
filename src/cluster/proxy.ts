import {BlockList, isIP} from 'node:net'
import type {Env} from './connect-options.ts'
import type {Target} from './target.ts'

/**
 * The proxy on the way to the API server. `proxy-url` of the kubeconfig counts for itself; else `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` in either
 * case, as Go reads them (golang.org/x/net/http/httpproxy) and client-node does not (kubernetes-client/javascript#2161). Loopback is never proxied.
 */
export function proxyFor({server, cluster}: Pick<Target, 'server' | 'cluster'>, env: Env): string | undefined {
  if (cluster.proxyUrl !== undefined) return cluster.proxyUrl
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const proxy = env[name] || env[name.toLowerCase()]
  if (!proxy || isLoopback(server) || isExcepted(server, env.NO_PROXY || env.no_proxy || '')) return undefined
  return proxy.includes('://') ? proxy : `http://${proxy}`
}

/** IPv6 hosts without their brackets. */
export const hostOf = ({hostname}: URL): string => hostname.replace(/^\[|\]$/g, '')
export const portOf = ({protocol, port}: URL): number => (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port))

export function isLoopback(server: URL): boolean {
  const host = hostOf(server)
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  return isIP(host) !== 0 && loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
}
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** `*`, `example.org` and `.example.org` (with all below), addresses, CIDRs, each with or without a port. */
function isExcepted(server: URL, noProxy: string): boolean {
  const host = hostOf(server).toLowerCase()
  return noProxy.split(',').some(entry => {
    const rule = entry.trim().toLowerCase()
    if (rule === '' || rule === '*') return rule === '*'
    if (rule.includes('/')) return inSubnet(host, rule)
    const [, name = rule, port] = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(isIP(rule) === 6 ? `[${rule}]` : rule) ?? []
    if (port !== undefined && Number(port) !== portOf(server)) return false
    const domain = name.replace(/^\*?\./, '')
    return host === name || (isIP(host) === 0 && ((host === domain && name === domain) || host.endsWith(`.${domain}`)))
  })
}

function inSubnet(host: string, cidr: string): boolean {
  const [network = '', prefix = ''] = cidr.split('/')
  const family = isIP(network)
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 4 ? 32 : 128)) return false
  const subnet = new BlockList()
  const type = family === 6 ? 'ipv6' : 'ipv4'
  subnet.addSubnet(network, Number(prefix), type)
  return subnet.check(host, type)
}
