import {type Collected, known, unknown} from '../engine/collected.ts'
import {archiveEntries} from './archive.ts'
import {bytesOf} from './body.ts'
import {manifestFrom} from './manifest-from.ts'

/** A manifest of 200,000 files is 60 MB; what is larger is not read. */
const largestManifest = 64 * 1024 ** 2

/** `calico-doctor 0.1.0`: what made a bundle, as its manifest says. Never throws: folders have none that is read. */
export async function toolOf(file: string): Promise<Collected<string>> {
  try {
    for await (const {name, body} of archiveEntries(file)) {
      if (name !== 'manifest.json') continue
      const version = manifestFrom((await bytesOf(body, largestManifest))?.toString() ?? '')?.tool.version
      return version === undefined ? unknown('failed', 'its manifest.json cannot be read') : known(`calico-doctor ${version}`)
    }
    return unknown('absent', 'no manifest.json')
  } catch (error) {
    return unknown('failed', error instanceof Error ? error.message : String(error))
  }
}
