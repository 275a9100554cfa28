/** What the host's part of the script says when it cannot go on, and its exit status then. */
export const troubles = {noCrictl: 91, noSudo: 92, crictlFailed: 93, noContainer: 94} as const

/**
 * The script for the host: finds the running calico-node container and runs `script` in it. Hosts have no birdcl; the container has all that a pod
 * exec finds. A login by ssh has a short PATH, so crictl is looked for where kubeadm, Kubespray and RKE2 put it.
 */
export const hostScript = (script: string): string => `
main() {
export LC_ALL=C
PATH=$PATH:/usr/local/bin:/usr/local/sbin:/usr/sbin:/opt/bin:/var/lib/rancher/rke2/bin
crictl=$(command -v crictl) || { echo 'crictl: not found' >&2; exit ${troubles.noCrictl}; }
as=
if [ "$(id -u)" != 0 ]; then
  as='sudo -n'
  said=$(sudo -n true </dev/null 2>&1) || { printf '%s\\n' "$said" >&2; exit ${troubles.noSudo}; }
fi
set --
if [ ! -e /etc/crictl.yaml ]; then
  for socket in /run/containerd/containerd.sock /run/k3s/containerd/containerd.sock /run/crio/crio.sock /run/cri-dockerd.sock; do
    [ -S "$socket" ] && { set -- --runtime-endpoint "unix://$socket"; break; }
  done
fi
ids=$($as "$crictl" "$@" ps --name '^calico-node$' -q </dev/null) || exit ${troubles.crictlFailed}
id=\${ids%%
*}
[ -n "$id" ] || exit ${troubles.noContainer}
exec $as "$crictl" "$@" exec "$id" sh -c ${quote(script)} </dev/null
}
main
`

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
