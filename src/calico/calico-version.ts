import type {CalicoVersion} from './cluster.ts'

/** Out of an image reference: `quay.io/calico/node:v3.29.1`, `…:v3.27.3-build20240423@sha256:…`. undefined for `master`, digests alone and Enterprise's own numbers. */
export function imageVersion(image: string): CalicoVersion | undefined {
  // Enterprise's cnx-node counts its own releases.
  if (/\bcnx-node\b/.test(image)) return undefined
  const tag = /:([\w][\w.-]*)(?:@|$)/.exec(image)?.[1]
  return tag === undefined ? undefined : writtenVersion(tag, `image ${image}`)
}

/** `v3.29.1`, `3.29.1`, `v3.29.1-0.dev`; a missing patch is 0. undefined for anything else. */
export function writtenVersion(text: string, source: string): CalicoVersion | undefined {
  const match = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?=$|[-+._])/.exec(text)
  if (!match) return undefined
  const [major, minor, patch] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
  return {version: `${major}.${minor}.${patch}`, major, minor, patch, source}
}

/** Whether it is at least `major.minor`. */
export const isAtLeast = (version: Pick<CalicoVersion, 'major' | 'minor'>, major: number, minor: number): boolean =>
  version.major > major || (version.major === major && version.minor >= minor)
