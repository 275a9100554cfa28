import {Args, Command} from '@oclif/core'
import {explain} from '../cli/explain.ts'
import {printFlags} from '../cli/flags.ts'
import {screen} from '../cli/screen.ts'

export default class Explain extends Command {
  static override description = 'List all checks by category, or tell all about one: why it matters, what it finds, how to mend it.'
  static override examples = ['<%= config.bin %> explain', '<%= config.bin %> explain bgp/session-down']
  static override args = {id: Args.string({description: 'id of a check', required: false})}
  static override flags = {'no-color': printFlags['no-color']}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Explain)
    this.log((await explain(args.id, screen(flags))).trimEnd())
  }
}
