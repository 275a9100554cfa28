import {Command, Flags} from '@oclif/core'
import {checkIds, loadChecks} from '../checks/index.ts'
import {chooseChecks} from '../cli/choose-checks.ts'
import {startDemo} from '../cli/demo-cluster.ts'
import {nodeFlags, printFlags} from '../cli/flags.ts'
import {judge, judgeFlags, printReport} from '../cli/judge.ts'

export default class Demo extends Command {
  static override description = `Start a simulated cluster on loopback and run check on it, over the network like on any cluster.

--serve keeps it up and prints a kubeconfig, so that every other command can be tried on it.`
  static override examples = [
    '<%= config.bin %> demo',
    '<%= config.bin %> demo --scenario healthy',
    '<%= config.bin %> demo --serve > /tmp/demo.kubeconfig &\n<%= config.bin %> node status --kubeconfig /tmp/demo.kubeconfig',
  ]
  static override flags = {
    scenario: Flags.string({description: 'what the cluster is like', default: 'incident', helpValue: 'NAME'}),
    nodes: Flags.integer({description: 'how many nodes it has', default: 12, min: 1, max: 5000}),
    pods: Flags.integer({description: 'how many pods it has', min: 0, max: 200_000}),
    serve: Flags.boolean({description: 'keep it up, print its kubeconfig, run no check'}),
    ...judgeFlags,
    ...nodeFlags,
    ...printFlags,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Demo)
    const ids = chooseChecks(checkIds, flags.only, flags.skip)
    const demo = await startDemo(flags)
    if (flags.serve) return demo.serve()
    try {
      printReport(await judge({...flags, exec: flags.exec === 'none' ? 'none' : 'pod', kubeconfig: demo.kubeconfig}, await loadChecks(ids), 'demo'), flags)
    } finally {
      await demo.close()
    }
  }
}
