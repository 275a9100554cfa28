import {Args, Command} from '@oclif/core'
import {checkIds, loadChecks} from '../checks/index.ts'
import {collectors} from '../collectors/index.ts'
import {didYouMean} from '../cli/choose-checks.ts'
import {printFlags} from '../cli/flags.ts'
import {screen} from '../cli/screen.ts'
import {asksOf} from '../engine/asks.ts'
import {UsageError} from '../engine/errors.ts'
import {explainAll, explainOne} from '../reporters/explain.ts'

export default class Explain extends Command {
  static override description = 'List all checks by category, or tell all about one: why it matters, what it finds, how to mend it.'
  static override examples = ['<%= config.bin %> explain', '<%= config.bin %> explain bgp/session-down']
  static override args = {id: Args.string({description: 'id of a check', required: false})}
  static override flags = {'no-color': printFlags['no-color']}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Explain)
    if (args.id === undefined) return this.log(explainAll(await loadChecks(), screen(flags)))
    if (!checkIds.includes(args.id)) throw new UsageError(`no such check: ${args.id}`, didYouMean(args.id, checkIds))
    const [check] = await loadChecks([args.id])
    this.log(explainOne(check!, screen(flags), asksOf(check!, collectors)))
  }
}
