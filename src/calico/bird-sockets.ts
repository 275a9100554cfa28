/** Control sockets of BIRD, the usual one first; calicoctl tries the same two (commands/node/status.go). IPv6 has a daemon of its own up to BIRD 1.6. */
export const birdSockets = {
  4: ['/var/run/calico/bird.ctl', '/var/run/bird/bird.ctl'],
  6: ['/var/run/calico/bird6.ctl', '/var/run/bird/bird6.ctl'],
} as const
/** BIRD's light clients, as the calico-node image has them. */
export const birdClients = {4: 'birdcl', 6: 'birdcl6'} as const

/** Asks one BIRD daemon from inside the calico-node container: `birdcl -s /var/run/calico/bird.ctl show protocols`. */
export const birdArgv = (family: 4 | 6, ...command: readonly string[]): readonly string[] => [birdClients[family], '-s', birdSockets[family][0], ...command]

/** More sessions than so many are not asked for in detail: each costs one birdcl in calico-node's own cgroup. */
export const mostDetails = 50

/**
 * `show protocols all NAME` of each BGP session that is not Established, in one shell; nothing to ask prints nothing and exits 0.
 * Names are symbols of BIRD's grammar (conf/cf-lex.l) and go to it in its own single quotes; a name that is none is left out.
 */
export function birdDetailsArgv(family: 4 | 6): readonly string[] {
  const bird = birdArgv(family).join(' ')
  const names = String.raw`sed -n '/^[^ ]\{1,\} \{1,\}BGP /{/ Established/!s/^\([A-Za-z0-9_.:-]\{1,\}\) .*/\1/p;}' | sed ${mostDetails}q`
  const script = [
    // The status of the left side of a pipe is lost in POSIX sh: no client or no socket must not look like nothing to list.
    `rows=$(${bird} show protocols </dev/null) || exit $?`,
    `printf '%s\\n' "$rows" | ${names} | while read -r name; do ${bird} show protocols all "'$name'" </dev/null || exit $?; done`,
  ]
  return ['sh', '-c', script.join('\n')]
}
