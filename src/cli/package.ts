import {existsSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Interfaces} from '@oclif/core'

/** The folder of package.json, above src/cli as above any chunk of dist. */
export const root: string = above(dirname(fileURLToPath(import.meta.url)))
export const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Interfaces.PJSON
export const version: string = packageJson.version

function above(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : above(dirname(folder))
}
