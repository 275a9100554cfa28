import {Command} from '@oclif/core'
import {version} from '../cli/package.ts'

export default class Version extends Command {
  static override description = 'Print the version of calico-doctor and of the Node.js it runs on.'

  async run(): Promise<void> {
    await this.parse(Version)
    this.log(`calico-doctor/${version} ${process.platform}-${process.arch} node-${process.version}`)
  }
}
