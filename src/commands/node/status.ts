import {Args, Command, Flags} from '@oclif/core'
import {bundleFlags, clusterFlags, etcdFlags, nodeFlags, printFlags, watchFlags} from '../../cli/flags.ts'
import {printNodeStatus, showNodeStatus} from '../../cli/node-status.ts'

export default class NodeStatus extends Command {
  static override description = `Show the BGP sessions of every node, problems first.

On a node itself, without a kubeconfig or with --exec local, it asks BIRD's own socket.
Exit codes: 0 every session is established, 1 a session is down, 3 a node was not seen, 4 the cluster or the bundle cannot be read.`
  static override examples = [
    '<%= config.bin %> node status',
    '<%= config.bin %> node status worker-1 "edge-*" -o wide',
    '<%= config.bin %> node status --problems --watch',
    '<%= config.bin %> node status --exec local',
  ]
  static override strict = false
  static override args = {node: Args.string({description: 'nodes to ask: name, glob or label selector; all when none is given', required: false})}
  static override flags = {
    output: Flags.option({
      char: 'o',
      description: 'table; wide: with AS, routes, hold timer and last error; json and yaml: for machines',
      options: ['table', 'wide', 'json', 'yaml'] as const,
      default: 'table' as const,
      helpGroup: 'OUTPUT',
    })(),
    problems: Flags.boolean({description: 'only what is not well'}),
    ...watchFlags,
    watch: {...watchFlags.watch, exclusive: ['bundle']},
    ...clusterFlags,
    ...bundleFlags,
    ...etcdFlags,
    ...nodeFlags,
    ...printFlags,
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(NodeStatus)
    const asked = {...flags, node: [...(flags.node ?? []), ...(argv as string[])]}
    await (flags.watch ? showNodeStatus(asked) : printNodeStatus(asked))
  }
}
