import {stat} from 'node:fs/promises'
import {resolve} from 'node:path'
import {openAside} from '../bundle/aside.ts'
import {nodeFiles, reportFile, snapshotFile} from '../bundle/contents.ts'
import {bundleSchema} from '../bundle/manifest.ts'
import {apiOf, nodesOf} from '../bundle/missed.ts'
import {redact} from '../bundle/redact.ts'
import {redactSnapshot} from '../bundle/redact-snapshot.ts'
import {type Fill, writeArchive} from '../bundle/write.ts'
import {loadChecks} from '../checks/index.ts'
import {collectors} from '../collectors/index.ts'
import {readFacts} from '../engine/read-facts.ts'
import {report} from '../engine/report.ts'
import type {Snapshot} from '../engine/snapshot.ts'
import {render} from '../reporters/index.ts'
import {defaultName} from './bundle-collect.ts'
import {bytesText} from './bundle-words.ts'
import {version} from './package.ts'

const plain = {width: 100, colour: false, unicode: true}

/**
 * Writes what is known already as a bundle, here, under a name with the time; nothing is asked. Returns one line that says where it is. Throws SourceError when it
 * cannot be written.
 */
export async function bundleOfSnapshot(snapshot: Snapshot, argv: readonly string[]): Promise<string> {
  const start = new Date()
  const aside = await openAside('.')
  try {
    await writeArchive(aside, await filledWith(snapshot, argv, start))
    const {size} = await stat(aside.path)
    const file = defaultName(snapshot.source, start)
    await aside.finish(resolve(file))
    return `wrote ${file}, ${bytesText(size)}`
  } catch (error) {
    await aside.discard()
    throw error
  }
}

async function filledWith(seen: Snapshot, argv: readonly string[], start: Date): Promise<Fill> {
  const {value: snapshot, struckOut} = redactSnapshot(seen)
  const judged = report(snapshot, readFacts(snapshot, collectors), await loadChecks(), {version})
  return async archive => {
    await archive.addAnyway(snapshotFile(snapshot))
    for (const format of ['json', 'html'] as const) await archive.addAnyway(reportFile(format, render(judged, format, plain)))
    for (const file of nodeFiles(snapshot)) await archive.add(file)
    return {
      schema: bundleSchema,
      tool: {name: 'calico-doctor', version},
      arguments: redact([...argv]).value,
      start: start.toISOString(),
      partial: null,
      nodes: nodesOf(snapshot),
      api: apiOf(snapshot),
      struckOut,
    }
  }
}
