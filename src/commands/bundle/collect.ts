import {Command, Flags} from '@oclif/core'
import {collectBundle} from '../../cli/bundle-collect.ts'
import {estimateBundle} from '../../cli/bundle-estimate.ts'
import {bundleExitCode, collectedPage} from '../../cli/bundle-text.ts'
import {evidenceFlags} from '../../cli/evidence-flags.ts'
import {clusterFlags, duration, etcdFlags, newFile, nodeFlags, printFlags} from '../../cli/flags.ts'
import {printBundleRbac} from '../../cli/print-rbac.ts'
import {screen} from '../../cli/screen.ts'

export default class BundleCollect extends Command {
  static override description = `Look at a cluster with all checks and keep all that was seen in one .tar.gz, to be judged anywhere.

check --bundle FILE and node status --bundle FILE judge it, without the cluster. Beside the look goes raw evidence for people: logs, resources, events, and of nodes \
routes, BIRD, iptables and the like; of nodes with signs of trouble first, then of some others for comparison.

Secrets are never read, and what looks like a credential is struck out. Ctrl-C keeps what was had by then; a second one gives up.

Exit codes: 0 all was seen, 3 a node was not seen or a limit cut something off (what is missing is printed), 4 the cluster cannot be read or the file not be \
written, 130 interrupted.`
  static override examples = [
    '<%= config.bin %> bundle collect',
    '<%= config.bin %> bundle collect --context prod -f incident.tar.gz',
    '<%= config.bin %> bundle collect --node "worker-*" --timeout 2m --since 6h',
    '<%= config.bin %> bundle collect --anonymize -f for-support.tar.gz',
    '<%= config.bin %> bundle collect --sample-nodes all --max-size 2G',
  ]
  static override flags = {
    file: newFile({description: 'where to write (default: calico-doctor-<context>-<UTC time>.tar.gz)'}),
    wide: Flags.boolean({description: 'every BGP session in full, for node status -o wide; large in a big mesh', helpGroup: 'NODES'}),
    anonymize: Flags.boolean({
      description:
        'replace names, addresses and domains, to give the bundle away; bundle redact --help says which. The way back is written beside it, FILE.names.json',
      helpGroup: 'OUTPUT',
    }),
    ...evidenceFlags,
    ...clusterFlags,
    ...etcdFlags,
    ...nodeFlags,
    timeout: duration({
      description: 'how long all of it may take',
      default: 600_000,
      defaultHelp: async () => '10m',
      helpValue: 'TIME',
      helpGroup: 'NODES',
    }),
    ...printFlags,
    'print-rbac': Flags.boolean({description: 'print the least Role and ClusterRole that this needs, and stop'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(BundleCollect)
    if (flags['print-rbac']) return this.log(await printBundleRbac(flags))
    if (flags.estimate) return void process.stdout.write(await estimateBundle(flags))
    const collected = await collectBundle(flags, this.argv)
    process.exitCode = bundleExitCode(collected)
    process.stdout.write(collectedPage(collected, screen(flags)))
  }
}
