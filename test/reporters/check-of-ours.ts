import {defineCheck} from '../../src/engine/check.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {defineCollector, defineDerived, defineProbe} from '../../src/engine/collector.ts'

/** A check that finds nodes named in a list; small, but with everything a check may have. */
export const oursId = 'demo/bad-names'
export const ours = defineCheck({
  id: oursId,
  title: 'No node has a bad name',
  failureTitle: 'A node has a bad name',
  why: 'A name with `<blanks>` or *stars* confuses scripts that read it, and then people who read what the scripts wrote.',
  needs: ['calicoNamespaces'],
  uses: ['mtuFile', 'apiServerServiceRanges'],
  docs: ['https://example.org/names'],
  messages: {
    bad: {
      severity: 'warning',
      text: (a: {name: string}) => `${a.name} is a bad name_ <here>`,
      fix: a => [{text: 'Look', command: `kubectl get ns ${a.name}`}, {text: 'Rename with `mv_`'}],
      verify: () => ({text: 'It is gone', command: 'kubectl get ns'}),
    },
    worse: {severity: 'error', text: (a: {name: string}) => `${a.name} is worse`, fix: () => [{text: 'Leave'}], verify: () => ({text: 'See'})},
  },
  notApplicable: ({calicoNamespaces}) => (calicoNamespaces.length === 0 ? 'there is no namespace' : undefined),
  *run({calicoNamespaces, mtuFile, apiServerServiceRanges}, report) {
    void [mtuFile, apiServerServiceRanges]
    for (const name of calicoNamespaces) {
      const where = {subjects: [{kind: 'Namespace', name}], evidence: [`list namespaces: ${name}`]}
      if (name.startsWith('bad')) yield report.bad({name}, where)
      if (name.startsWith('worse')) yield report.worse({name}, where)
      if (name === 'odd') yield {undecided: 'odd is neither'}
    }
  },
  examples: Object.fromEntries(
    [[], ['good'], ['odd'], ['good', 'bad|one'], ['worse', 'bad']].map(names => [
      names.join(' and ') || 'nothing at all',
      {given: {calicoNamespaces: names, mtuFile: unknown('timeout'), apiServerServiceRanges: known([])}, finds: []},
    ]),
  ),
})

export const ourCollectors = [
  defineCollector({
    source: 'namespaces',
    access: [
      {verb: 'list', group: '', resource: 'namespaces'},
      {verb: 'get', group: 'apps', resource: 'daemonsets', name: 'calico-node', namespace: 'kube-system'},
    ],
    collect: async () => known([]),
    facts: {apiServerServiceRanges: () => []},
  }),
  defineProbe({source: 'mtu-file', probe: {tries: [['cat', '/var/lib/calico/mtu']]}, facts: {mtuFile: () => 1500}}),
  defineDerived({source: 'names', from: ['apiServerServiceRanges'], facts: {calicoNamespaces: ({apiServerServiceRanges: ranges}) => ranges}}),
  defineCollector({source: 'nodes', access: [], collect: async () => known([]), facts: {kubeNodes: () => [], calicoPods: () => []}}),
]
