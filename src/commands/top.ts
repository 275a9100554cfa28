import {Command, Flags} from '@oclif/core'
import {printFlags} from '../cli/flags.ts'
import {top} from '../cli/top.ts'

export default class Top extends Command {
  static override description = `Watch a cluster: BGP sessions, nodes, Felix, Typha, IPAM and findings, as they change. ? tells the keys.

Exit codes: 0 after q, 2 where there is no terminal, 4 the cluster or the bundle cannot be read, 130 after Ctrl-C.`
  static override examples = ['<%= config.bin %> top --bundle calico-doctor-prod-20261121T045200Z.tar.gz']
  static override flags = {
    bundle: Flags.string({description: 'show what bundle collect saved', helpValue: 'FILE', helpGroup: 'CLUSTER'}),
    node: Flags.string({
      description: 'these nodes only: name, glob or label selector (repeatable)',
      helpValue: 'PATTERN',
      multiple: true,
      multipleNonGreedy: true,
      helpGroup: 'NODES',
    }),
    'no-color': printFlags['no-color'],
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Top)
    process.exitCode = await top(flags)
  }
}
