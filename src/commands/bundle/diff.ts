import {Args, Command, Flags} from '@oclif/core'
import {diffBundles} from '../../cli/bundle-diff.ts'
import {printFlags} from '../../cli/flags.ts'
import {judgeFlags} from '../../cli/judge.ts'

export default class BundleDiff extends Command {
  static override description =
    `Say what changed between two bundles: versions, configuration, nodes, BGP sessions, routes, and findings new, fixed and still there.

Both are judged by the same checks now. What one of them did not see is "not comparable" or "no longer judged", never gone and never fixed.

Exit codes: 0 no finding at or above --fail-on is new or worse, 1 one is, 3 what was found before could not be judged again or a bundle saw less than \
--min-coverage, 4 a bundle cannot be read, 70 calico-doctor itself failed.`
  static override examples = [
    '<%= config.bin %> bundle diff before.tar.gz after.tar.gz',
    '<%= config.bin %> bundle diff before.tar.gz after.tar.gz -o markdown',
    '<%= config.bin %> bundle diff before.tar.gz after.tar.gz --only bgp -o short',
  ]
  static override args = {
    a: Args.string({description: 'the older bundle', required: true}),
    b: Args.string({description: 'the newer bundle', required: true}),
  }
  static override flags = {
    output: Flags.option({
      char: 'o',
      description: 'table; short: new problems only; json and yaml: for machines; markdown: to paste into an issue',
      options: ['table', 'short', 'json', 'yaml', 'markdown'] as const,
      default: 'table' as const,
      helpGroup: 'OUTPUT',
    })(),
    only: judgeFlags.only,
    skip: judgeFlags.skip,
    'fail-on': judgeFlags['fail-on'],
    'min-coverage': judgeFlags['min-coverage'],
    'no-color': printFlags['no-color'],
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(BundleDiff)
    await diffBundles(args.a, args.b, flags)
  }
}
