import {Args, Command, Flags} from '@oclif/core'
import {redactBundle, redactedName} from '../../cli/bundle-redact.ts'
import {redactedPage} from '../../cli/bundle-redact-text.ts'
import {newFile, printFlags} from '../../cli/flags.ts'
import {screen} from '../../cli/screen.ts'

export default class BundleRedact extends Command {
  static override description = `Make a copy of a bundle in which names, addresses and domains are replaced, to be given away.

Nodes, pods, namespaces, addresses, MACs, domains, hosts, e-mail addresses, cloud ids and contexts get pseudonyms that are the same everywhere in the bundle and \
keep what a diagnosis needs: addresses in one network stay in one network, private ones private, and the checks find the same. Names of Calico, Kubernetes and \
public registries stay, and so do versions, AS numbers, labels' other values, and names of pools, peers and policies.

A name that is an ordinary word (worker, web) is replaced where a field, a path or a word before it says that it is a node, a namespace or a pod, and not elsewhere \
in logs. Names that the bundle gives no hint of cannot be found: look through what you give away.

The copy is searched for every original before it gets its name. What became of what is written beside it, FILE.names.json: keep that to yourself.

Exit codes: 0 written, 4 the bundle cannot be read, the copy not be written, or something was left in it.`
  static override examples = ['<%= config.bin %> bundle redact incident.tar.gz', '<%= config.bin %> bundle redact incident.tar.gz -f for-support.tar.gz']
  static override args = {bundle: Args.string({description: 'the bundle', required: true})}
  static override flags = {
    file: newFile({description: 'where to write (default: <bundle>.anonymous.tar.gz beside it)'}),
    'no-color': printFlags['no-color'],
    verbose: Flags.boolean({char: 'v', description: 'name an original that is left, on stderr', helpGroup: 'OUTPUT'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(BundleRedact)
    const redacted = await redactBundle(args.bundle, {output: flags.file ?? redactedName(args.bundle), verbose: flags.verbose})
    process.stdout.write(redactedPage(redacted, screen(flags)))
  }
}
