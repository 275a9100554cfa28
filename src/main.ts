import type {Command} from '@oclif/core'
import {flush} from '@oclif/core/flush'
import {run} from '@oclif/core/run'
import {exitCodeOf, explainError} from './cli/failure.ts'
import {assertCommand} from './cli/known-command.ts'
import {packageJson, root} from './cli/package.ts'
import {embeddedManifest, StaticPlugin} from './cli/static-plugin.ts'

const commands = import.meta.glob<Command.Class>('./commands/**/*.ts', {import: 'default'})

/** The whole program: find the command, run it, turn what it threw into one sentence and an exit code. */
export async function main(argv: string[]): Promise<void> {
  process.stdout.on('error', endWithoutOutput)
  process.stderr.on('error', () => {})
  try {
    const manifest = embeddedManifest()
    assertCommand(argv, manifest.commands)
    const plugin = new StaticPlugin({pjson: packageJson, manifest, root, loaders: commands})
    await plugin.load()
    await run(argv, {root, pjson: packageJson, plugins: new Map([[plugin.name, plugin]])})
    await flush()
  } catch (error) {
    const text = explainError(error)
    if (text) process.stderr.write(`${text}\n`)
    process.exitCode = exitCodeOf(error)
  }
  end()
}

/** Ends although a stalled connection may still be open; only after what was written has left. */
function end(): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit()))
}

/** `calico-doctor explain | head -3` is no error. A full disk is, and must not look like the finding that exit 1 means. */
function endWithoutOutput({code, message}: NodeJS.ErrnoException): never {
  if (code === 'EPIPE') process.exit()
  process.stderr.write(`Error: The output cannot be written: ${message}.\n`)
  process.exit(70)
}
