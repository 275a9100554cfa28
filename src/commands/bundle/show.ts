import {Args, Command} from '@oclif/core'
import {showBundle} from '../../cli/bundle-show.ts'
import {printFlags} from '../../cli/flags.ts'
import {screen} from '../../cli/screen.ts'

export default class BundleShow extends Command {
  static override description =
    'List what is in a bundle and what it lacks, or print one file of it. Nothing is unpacked onto the disk.\n\nExit codes: 0 printed, 2 no such file in it, 4 the bundle cannot be read.'
  static override examples = [
    '<%= config.bin %> bundle show incident.tar.gz',
    '<%= config.bin %> bundle show incident.tar.gz nodes/worker-1/birdcl-protocols.txt',
  ]
  static override args = {
    file: Args.string({description: 'the bundle', required: true}),
    path: Args.string({description: 'a file or folder in it', required: false}),
  }
  static override flags = {'no-color': printFlags['no-color']}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(BundleShow)
    await showBundle(args.file, args.path, screen(flags))
  }
}
