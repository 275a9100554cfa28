import {Command, Flags} from '@oclif/core'
import {checkIds, loadChecks} from '../checks/index.ts'
import {chooseChecks} from '../cli/choose-checks.ts'
import {bundleFlags, clusterFlags, etcdFlags, nodeFlags, printFlags} from '../cli/flags.ts'
import {judge, judgeFlags, printReport} from '../cli/judge.ts'
import {printRbac} from '../cli/print-rbac.ts'

export default class Check extends Command {
  static override description = `Look at a cluster, judge it and explain what is wrong. Reads only; changes nothing.

Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it, 2 wrong usage, 3 could not see enough (--min-coverage) or no Calico found,
4 the cluster or the bundle cannot be read, 70 calico-doctor itself failed, 130 interrupted.`
  static override examples = [
    '<%= config.bin %> check',
    '<%= config.bin %> check --context prod -o short',
    '<%= config.bin %> check --only bgp,mtu --node "worker-*"',
    '<%= config.bin %> check -o json > report.json',
    '<%= config.bin %> check --bundle calico-doctor-prod-20261121T045200Z.tar.gz',
    '<%= config.bin %> check --print-rbac | kubectl apply -f -',
  ]
  static override flags = {
    ...judgeFlags,
    ...clusterFlags,
    ...bundleFlags,
    ...etcdFlags,
    ...nodeFlags,
    ...printFlags,
    'print-rbac': Flags.boolean({description: 'print the least Role and ClusterRole that the chosen checks need, and stop'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Check)
    const checks = await loadChecks(chooseChecks(checkIds, flags.only, flags.skip))
    if (flags['print-rbac']) return this.log(await printRbac(flags, checks))
    printReport(await judge(flags, checks), flags)
  }
}
