import {type Ran, runCli, tempFile} from '../cli/run-cli.ts'
import {type Identity, kubeconfigOf} from './api.ts'

type Who = Pick<Identity, 'url' | 'ca' | 'token' | 'client'>

/** The built program, as this user of an API server runs it. Within a test only: the kubeconfig goes with it. */
export const runAs = (who: Who, argv: readonly string[], onStart?: (pid: number) => void): Promise<Ran> =>
  runCli([...argv, '--kubeconfig', tempFile('kubeconfig', kubeconfigOf(who))], {}, onStart)

export interface Finding {
  readonly messageId: string
  readonly severity: string
  readonly message: string
  readonly subjects: readonly {readonly kind: string; readonly name: string; readonly namespace?: string}[]
  readonly evidence: readonly string[]
}
interface Unseen {
  readonly why: string
  readonly detail: string
}
/** What `check -o json` prints, as far as the proofs read it (docs/report.schema.json). */
export interface Document {
  readonly cluster: {readonly apiGroup: string | null; readonly install: string | null; readonly notSeen: readonly (Unseen & {readonly field: string})[]}
  readonly summary: Readonly<Record<'error' | 'warning' | 'info' | 'pass' | 'unknown' | 'crashed', number>>
  readonly coverage: {
    readonly percent: number
    readonly nodes: {readonly wanted: number; readonly seen: number; readonly missing: readonly (Unseen & {readonly node: string})[]}
    readonly facts: {readonly missing: readonly (Unseen & {readonly fact: string})[]}
  }
  readonly checks: readonly {readonly id: string; readonly status: string; readonly findings: readonly Finding[]; readonly reason?: string}[]
}
export interface Judged extends Ran {
  readonly report: Document
}

/** `check -o json`. @throws when what it prints is no JSON, with what it said instead */
export async function checkAs(who: Who, argv: readonly string[] = [], onStart?: (pid: number) => void): Promise<Judged> {
  const ran = await runAs(who, ['check', '-o=json', ...argv], onStart)
  try {
    return {...ran, report: JSON.parse(ran.stdout)}
  } catch {
    throw new Error(`exit ${ran.code}\n${ran.stdout.slice(0, 2_000)}\n${ran.stderr}`)
  }
}

export const statusesOf = ({checks}: Document): Record<string, string> => Object.fromEntries(checks.map(({id, status}) => [id, status]))
export const passesOf = ({checks}: Document): string[] => checks.filter(({status}) => status === 'pass').map(({id}) => id)
export const findingsOf = ({checks}: Document): string[] =>
  checks.flatMap(({id, findings}) => findings.map(({messageId, subjects}) => [`${id} ${messageId}`, ...subjects.map(subjectText)].join(' ')))
const subjectText = ({kind, name, namespace}: Finding['subjects'][number]) => [kind, ...(namespace === undefined ? [] : [namespace]), name].join('/')
