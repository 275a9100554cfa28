/** Where one command is not enough, in the words that calico-node's image has: no head, awk, cut, ps or sysctl (facts of node/clean-up-filesystem.sh). */

/** Exit status of the scripts where there is nothing to ask for. */
export const nothingThere = 3

/**
 * State and memory of Calico's own processes. Of others (all of the host's, on a node that is asked locally) no more than the name is looked at, and
 * of none its environment or arguments, which may hold credentials.
 */
export const processes = [
  'for status in /proc/[0-9]*/status; do',
  'read -r _ name <"$status" || continue',
  'case $name in bird*|calico*|confd|felix|runsv*) ;; *) continue ;; esac',
  `grep -HE '^(Name|State|PPid|Threads|VmHWM|VmRSS):' "$status"`,
  'done 2>/dev/null; true',
].join('\n')

/** What runit says of Felix, confd, bird and bird6: up or down, since when. The wildcard is why there is a shell. */
export const services = 'sv status /etc/service/enabled/*'

/** The newest lines of the newest three logs of the CNI plugin, oldest first. A line may hold a whole pod: the end of a long one is left out. */
export const cniLogs = (tailLines: number): string =>
  [
    `[ -d /var/log/calico/cni ] || exit ${nothingThere}`,
    'cd /var/log/calico/cni || exit 1',
    String.raw`ls -tr | grep '\.log$' | tail -n 3 | while IFS= read -r file; do`,
    `printf '==> %s <==\\n' "$file"`,
    `tail -n ${Math.max(1, Math.floor(tailLines))} -- "$file" | sed -E 's/^(.{1500}).+/\\1 (cut)/'`,
    'done',
  ].join('\n')

/**
 * A command, only where its part of the kernel is there already: netlink loads the module that is asked for, and to look must change nothing. A module that
 * is not loaded has nothing to say. Without /proc/modules the kernel loads none.
 */
export const whereLoaded = (module: string, command: string): string =>
  [
    'builtin=/lib/modules/$(cat /proc/sys/kernel/osrelease)/modules.builtin',
    `[ -e /proc/modules ] && ! grep -q '^${module} ' /proc/modules && ! grep -qs '/${module}\\.ko' "$builtin" && exit ${nothingThere}`,
    `exec ${command}`,
  ].join('\n')

/**
 * Rules of the legacy backend, only where its tables are in use already: asking for a table loads its module, and iptables then exists twice (Felix does
 * not look for the same reason). The kernel lists them there, also when they are built in and /proc/modules has no word of them; no such file, no module.
 */
export const legacyRules = (family: 4 | 6): string => {
  const [tables, save] = family === 4 ? ['/proc/net/ip_tables_names', 'iptables-legacy-save'] : ['/proc/net/ip6_tables_names', 'ip6tables-legacy-save']
  return [`[ -e ${tables} ] || exit ${nothingThere}`, `grep -q . ${tables} && exec ${save} -c`, `[ $? = 1 ] && exit ${nothingThere}`, 'exit 4'].join('\n')
}
