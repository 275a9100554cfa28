import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Command, Interfaces} from '@oclif/core'
import {Plugin} from '@oclif/core/config'
import {root} from './package.ts'

type Loaders = Record<string, () => Promise<Command.Class>>
interface StaticPluginOptions {
  readonly pjson: Interfaces.PJSON
  readonly manifest: Interfaces.Manifest
  readonly root: string
  readonly loaders: Loaders
}

/**
 * An oclif plugin that looks for nothing on disk: its manifest is made at build time and its commands are lazy imports.
 * Replaces the private `_manifest` of @oclif/core 5.1.9 (lib/config/plugin.js): the version is pinned, and a test holds on to it.
 */
export class StaticPlugin extends Plugin {
  readonly #manifest: Interfaces.Manifest
  readonly #loaders: Loaders

  constructor({pjson, manifest, root, loaders}: StaticPluginOptions) {
    super({isRoot: true, pjson, root})
    this.#manifest = manifest
    this.#loaders = loaders
    ;(this as unknown as {_manifest: () => Promise<Interfaces.Manifest>})._manifest = async () => {
      this.commandIDs = Object.keys(manifest.commands)
      this.hasManifest = true
      return this.#manifest
    }
  }

  override async findCommand(id: string): Promise<Command.Class> {
    const command = await this.#loaders[`./commands/${id.replaceAll(':', '/')}.ts`]!()
    command.id = id
    command.plugin = this
    return command
  }
}

export const embeddedManifest = (): Interfaces.Manifest => JSON.parse(readFileSync(join(root, 'dist/manifest.json'), 'utf8')) as Interfaces.Manifest
