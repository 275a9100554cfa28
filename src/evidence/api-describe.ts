import {redact} from '../bundle/redact.ts'
import {at, listAt, number, record, text, textAt, textRecordAt, textsAt} from '../collectors/fields.ts'
import {type EventRow, eventLine} from './api-events.ts'
import {plain} from './api-plain.ts'

/** A pod as people ask about it: where it is, how it does and since when, how it ended last, what its probes said. Credentials are struck out. */
export function describePod(pod: unknown, events: readonly EventRow[] | string): {readonly text: string; readonly struckOut: number} {
  const {value, struckOut} = redact(pod)
  const lines = [...headOf(value), '', 'Conditions', ...conditionsOf(value), ...containersOf(value), '', 'Events (newest first)', ...eventLines(events)]
  return {text: `${lines.join('\n')}\n`, struckOut}
}

const row = (name: string, value: string): string[] => (value === '' ? [] : [`${name.padEnd(14)}  ${value}`])
const inner = (name: string, value: string): string[] => row(`  ${name}`, value)
const pairs = (values: Readonly<Record<string, string>>) =>
  Object.entries(values)
    .map(([name, value]) => `${plain(name)}=${plain(value)}`)
    .join(', ')

function headOf(pod: unknown): string[] {
  const owners = listAt(owner => `${textAt(owner, 'kind')} ${textAt(owner, 'name')}`, pod, 'metadata', 'ownerReferences')
  const because = [textAt(pod, 'status', 'reason'), textAt(pod, 'status', 'message')].filter(Boolean).join(': ')
  return [
    ...row('Pod', plain(`${textAt(pod, 'metadata', 'namespace')}/${textAt(pod, 'metadata', 'name')}`)),
    ...row('Node', plain(textAt(pod, 'spec', 'nodeName')) || '(none: nobody scheduled it)'),
    ...row('Phase', plain(textAt(pod, 'status', 'phase'))),
    ...row('Because', plain(because, 1_000)),
    ...row('Created', plain(textAt(pod, 'metadata', 'creationTimestamp'))),
    ...row('Deleted', plain(textAt(pod, 'metadata', 'deletionTimestamp'))),
    ...row('Started', plain(textAt(pod, 'status', 'startTime'))),
    ...row('Host', plain(textAt(pod, 'status', 'hostIP'))),
    ...row(
      'Addresses',
      listAt(ip => text(at(ip, 'ip')), pod, 'status', 'podIPs')
        .map(ip => plain(ip))
        .join(', '),
    ),
    ...row('Owned by', plain(owners.join(', '))),
    ...row('Account', plain(textAt(pod, 'spec', 'serviceAccountName'))),
    ...row('Priority', plain(textAt(pod, 'spec', 'priorityClassName'))),
    ...row('Host network', at(pod, 'spec', 'hostNetwork') === true ? 'yes' : 'no'),
    ...row('Labels', pairs(textRecordAt(pod, 'metadata', 'labels'))),
    ...row('Node selector', pairs(textRecordAt(pod, 'spec', 'nodeSelector'))),
  ]
}

/** `PodReadyToStartContainers` is the longest of those that Kubernetes gives itself. */
const longestCondition = 25
function conditionsOf(pod: unknown): string[] {
  return listAt(record, pod, 'status', 'conditions').flatMap(condition => {
    const because = [textAt(condition, 'reason'), textAt(condition, 'message')].filter(Boolean).join(': ')
    return inner(
      plain(textAt(condition, 'type')).padEnd(longestCondition),
      plain(`${textAt(condition, 'status')} since ${textAt(condition, 'lastTransitionTime')}  ${because}`, 1_000),
    )
  })
}

function containersOf(pod: unknown): string[] {
  const all = (specs: string, statuses: string, word: string) => {
    const found = listAt(record, pod, 'status', statuses)
    return listAt(record, pod, 'spec', specs).flatMap(spec =>
      containerOf(
        spec,
        found.find(({name}) => name === spec.name),
        word,
      ),
    )
  }
  return [...all('initContainers', 'initContainerStatuses', 'Init container'), ...all('containers', 'containerStatuses', 'Container')]
}

function containerOf(spec: unknown, status: unknown, word: string): string[] {
  return [
    '',
    `${word} ${plain(textAt(spec, 'name'))}`,
    ...inner('image', plain(textAt(spec, 'image'), 300)),
    ...inner('image id', plain(textAt(status, 'imageID'), 300)),
    ...inner('state', stateText(at(status, 'state')) || '(not started)'),
    ...inner('before', stateText(at(status, 'lastState'))),
    ...inner('ready', at(status, 'ready') === true ? 'yes' : 'no'),
    ...inner('restarts', String(number(at(status, 'restartCount')) ?? '?')),
    ...inner('command', plain([...textsAt(spec, 'command'), ...textsAt(spec, 'args')].join(' '), 1_000)),
    ...inner('requests', pairs(textRecordAt(spec, 'resources', 'requests'))),
    ...inner('limits', pairs(textRecordAt(spec, 'resources', 'limits')) || 'none'),
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap(probe => inner(probe.replace('Probe', ''), probeText(at(spec, probe)))),
    ...environmentOf(spec),
  ]
}

/** `terminated: Error, exit code 137 (SIGKILL), from … to …`. */
function stateText(state: unknown): string {
  const word = ['running', 'waiting', 'terminated'].find(one => record(at(state, one)) !== undefined)
  if (word === undefined) return ''
  const now = at(state, word)
  const exit = number(at(now, 'exitCode'))
  const times = [
    ['from', textAt(now, 'startedAt')],
    ['to', textAt(now, 'finishedAt')],
  ].flatMap(([name, time]) => (time === '' ? [] : [`${name} ${time}`]))
  const parts = [textAt(now, 'reason'), exit === undefined ? '' : `exit code ${exit}${signalText(exit)}`, times.join(' '), textAt(now, 'message')]
  return plain(`${word}: ${parts.filter(Boolean).join(', ')}`.replace(/: $/, ''), 2_000)
}

/** A shell's 128 and the signal's number. */
const signals: Readonly<Record<number, string>> = {134: 'SIGABRT', 137: 'SIGKILL', 139: 'SIGSEGV', 143: 'SIGTERM'}
const signalText = (exit: number) => (signals[exit] === undefined ? '' : ` (${signals[exit]})`)

function probeText(probe: unknown): string {
  if (record(probe) === undefined) return ''
  const http = at(probe, 'httpGet')
  const port = (value: unknown) => String(text(at(value, 'port')) ?? number(at(value, 'port')) ?? '?')
  const what = record(http)
    ? `GET ${textAt(http, 'host')}:${port(http)}${textAt(http, 'path')}`
    : record(at(probe, 'tcpSocket'))
      ? `TCP ${port(at(probe, 'tcpSocket'))}`
      : textsAt(probe, 'exec', 'command').join(' ')
  const figures = ['periodSeconds', 'timeoutSeconds', 'failureThreshold'].map(name => `${name} ${number(at(probe, name)) ?? 'default'}`)
  return plain(`${what}, ${figures.join(', ')}`, 500)
}

function environmentOf(spec: unknown): string[] {
  const own = listAt(record, spec, 'env').map(variable => {
    const from = at(variable, 'valueFrom')
    return `    ${plain(textAt(variable, 'name'))}${record(from) ? ` from ${plain(JSON.stringify(from))}` : `=${plain(textAt(variable, 'value'), 1_000)}`}`
  })
  const whole = listAt(record, spec, 'envFrom').map(source => `    all of ${plain(JSON.stringify(source))}`)
  return own.length + whole.length === 0 ? [] : ['  environment', ...whole, ...own]
}

const eventLines = (events: readonly EventRow[] | string): string[] => {
  if (typeof events === 'string') return [`  (not seen: ${plain(events, 500)})`]
  return events.length === 0 ? ['  (none)'] : events.slice(0, 50).map(event => `  ${eventLine(event)}`)
}
