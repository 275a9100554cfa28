import {Flags} from '@oclif/core'
import {UsageError} from '../engine/errors.ts'
import {durationMs} from './duration.ts'

export const duration = Flags.custom<number>({parse: async text => durationMs(text)})

/** A file to be written; a shell gives an empty name where a variable is not set. */
export const newFile = Flags.custom<string>({
  char: 'f',
  helpValue: 'FILE',
  helpGroup: 'OUTPUT',
  async parse(text) {
    if (text.trim() !== '') return text
    throw new UsageError('an empty name', 'Name the file to write, or leave -f out.')
  },
})

/** Which cluster, as kubectl's flags say it. */
export const clusterFlags = {
  kubeconfig: Flags.string({description: 'kubeconfig file (default: $KUBECONFIG, then ~/.kube/config)', helpValue: 'FILE', helpGroup: 'CLUSTER'}),
  context: Flags.string({description: 'context of the kubeconfig', helpValue: 'NAME', helpGroup: 'CLUSTER'}),
  cluster: Flags.string({description: 'cluster of the kubeconfig', helpValue: 'NAME', helpGroup: 'CLUSTER'}),
  user: Flags.string({description: 'user of the kubeconfig', helpValue: 'NAME', helpGroup: 'CLUSTER'}),
  as: Flags.string({description: 'user to impersonate', helpValue: 'USER', helpGroup: 'CLUSTER'}),
  'as-group': Flags.string({
    description: 'group to impersonate (repeatable)',
    helpValue: 'GROUP',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'CLUSTER',
  }),
}

const ofClusters = ['kubeconfig', 'context', 'cluster', 'user', 'as', 'as-group', 'datastore', 'etcd-endpoints', 'etcd-ca-cert-file', 'etcd-cert-file']

/** A saved look in place of a cluster. */
export const bundleFlags = {
  bundle: Flags.string({
    description: 'judge what bundle collect or another tool saved, without a cluster: archive, folder, YAML or JSON; - is stdin',
    helpValue: 'FILE',
    helpGroup: 'CLUSTER',
    exclusive: [...ofClusters, 'etcd-key-file'],
  }),
}

const etcdFile = (what: string, variable: string) =>
  Flags.string({description: `${what} for etcd (default: $${variable})`, helpValue: 'FILE', helpGroup: 'ETCD DATASTORE'})

/** Calico's own etcd, as calicoctl's configuration says it. */
export const etcdFlags = {
  datastore: Flags.option({
    description: 'where Calico keeps its data (default: as calico-node is told)',
    options: ['kubernetes', 'etcd'] as const,
    helpGroup: 'ETCD DATASTORE',
  })(),
  'etcd-endpoints': Flags.string({
    description: 'https://10.0.0.1:2379,… (default: $ETCD_ENDPOINTS, then those of calico-node)',
    helpValue: 'URLS',
    helpGroup: 'ETCD DATASTORE',
  }),
  'etcd-ca-cert-file': etcdFile('CA', 'ETCD_CA_CERT_FILE'),
  'etcd-cert-file': etcdFile('client certificate', 'ETCD_CERT_FILE'),
  'etcd-key-file': etcdFile('client key', 'ETCD_KEY_FILE'),
}

/** How nodes are asked. */
export const nodeFlags = {
  node: Flags.string({
    description: 'ask these nodes only: name, glob or label selector (repeatable)',
    helpValue: 'PATTERN',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'NODES',
  }),
  exec: Flags.option({
    description: 'the way into nodes; auto: pod exec, or this node itself where there is a BIRD socket and no kubeconfig',
    options: ['auto', 'pod', 'ssh', 'local', 'none'] as const,
    default: 'auto' as const,
    helpGroup: 'NODES',
  })(),
  'ssh-user': Flags.string({description: 'user for --exec ssh', helpValue: 'USER', helpGroup: 'NODES'}),
  'ssh-option': Flags.string({
    description: 'option for ssh -o, as Port=2222 (repeatable)',
    helpValue: 'OPTION',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'NODES',
  }),
  concurrency: Flags.integer({description: 'nodes asked at once', default: 20, min: 1, max: 500, helpGroup: 'NODES'}),
  'node-timeout': duration({description: 'how long one node may take', default: 15_000, defaultHelp: async () => '15s', helpValue: 'TIME', helpGroup: 'NODES'}),
  timeout: duration({description: 'how long the whole look may take', default: 120_000, defaultHelp: async () => '2m', helpValue: 'TIME', helpGroup: 'NODES'}),
}

export const printFlags = {
  'no-color': Flags.boolean({description: 'no colour (also NO_COLOR)', helpGroup: 'OUTPUT'}),
  quiet: Flags.boolean({char: 'q', description: 'no progress on stderr', helpGroup: 'OUTPUT'}),
  verbose: Flags.boolean({char: 'v', description: 'what each source took, on stderr', helpGroup: 'OUTPUT'}),
}

export const watchFlags = {
  watch: Flags.boolean({char: 'w', description: 'look again and again; with -o json one document a line', helpGroup: 'OUTPUT'}),
  interval: duration({description: 'pause between looks', default: 5_000, defaultHelp: async () => '5s', helpValue: 'TIME', helpGroup: 'OUTPUT'}),
}
