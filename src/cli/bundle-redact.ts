import {access} from 'node:fs/promises'
import {basename, dirname, resolve} from 'node:path'
import {namesPath} from '../bundle/anonymize-names-file.ts'
import {alreadyThere, openAside} from '../bundle/aside.ts'
import {boundYoungHeap} from '../cluster/young-heap.ts'
import {type Redacted, type RedactOptions, redactAside} from './bundle-redact-write.ts'
import {interruptible} from './interrupt.ts'
import {keepHeapSmall} from './small-heap.ts'

/** `incident.anonymous.tar.gz` beside `incident.tar.gz`. */
export const redactedName = (file: string): string => resolve(dirname(file), `${basename(file).replace(/\.(?:tar\.gz|tgz)$/, '')}.anonymous.tar.gz`)

/**
 * An existing bundle with names and addresses replaced, judged anew, searched for what is left, and only then given its name; the map of the names beside it.
 * Throws SourceError when it is no bundle, cannot be written, or when something is left.
 */
export async function redactBundle(file: string, {output, verbose = false}: RedactOptions): Promise<Redacted> {
  for (const path of [output, namesPath(output)]) await assertNew(path)
  const aside = await openAside(dirname(output))
  boundYoungHeap()
  const letHeapBe = keepHeapSmall()
  try {
    return await interruptible(() => redactAside(file, {output, verbose}, aside))
  } catch (error) {
    await aside.discard()
    throw error
  } finally {
    letHeapBe()
  }
}

async function assertNew(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (exists) throw alreadyThere(path)
}
