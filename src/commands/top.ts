import {Command, Flags} from '@oclif/core'
import {bundleFlags, clusterFlags, duration, etcdFlags, nodeFlags, printFlags} from '../cli/flags.ts'
import {top} from '../cli/top.ts'

export default class Top extends Command {
  static override description = `Watch a cluster: BGP sessions, nodes, Felix, Typha, IPAM and findings, as they change. ? tells the keys.

Lists are followed by watches; nodes are asked in turn, those with signs of trouble every round, at most 20 execs a second.
Exit codes: 0 after q, 2 where there is no terminal, 4 the cluster, the bundle or the recording cannot be read, 130 after Ctrl-C.`
  static override examples = [
    '<%= config.bin %> top',
    '<%= config.bin %> top --context prod --record incident.rec.gz',
    '<%= config.bin %> top --replay incident.rec.gz',
    '<%= config.bin %> top --bundle calico-doctor-prod-20261121T045200Z.tar.gz',
  ]
  static override flags = {
    ...clusterFlags,
    bundle: {...bundleFlags.bundle, description: 'show what bundle collect saved', exclusive: [...(bundleFlags.bundle.exclusive ?? []), 'record', 'replay']},
    record: Flags.string({description: 'keep what is seen in a file', helpValue: 'FILE', helpGroup: 'OUTPUT'}),
    replay: Flags.string({
      description: 'play what --record kept; p pauses, left and right step',
      helpValue: 'FILE',
      helpGroup: 'CLUSTER',
      exclusive: ['record', 'kubeconfig', 'context', 'cluster', 'user', 'as', 'as-group'],
    }),
    ...etcdFlags,
    ...nodeFlags,
    interval: duration({description: 'from one round to the next', default: 5_000, defaultHelp: async () => '5s', helpValue: 'TIME', helpGroup: 'NODES'}),
    'no-color': printFlags['no-color'],
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Top)
    process.exitCode = await top(flags, this.argv)
  }
}
