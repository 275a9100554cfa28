import type {EnvValue} from '../../calico/cluster.ts'
import {firstLines} from '../../calico/evidence.ts'
import type {Service} from '../../calico/kubernetes.ts'
import {shellWord} from '../../calico/owners/commands.ts'
import {typhaDeployments} from '../../calico/typha.ts'
import {typhaFault, typhaPodLines, typhaStarts} from '../../calico/typha-diagnosis.ts'
import {replicasLine, typhaFaultLines, typhaFaultSubject, typhaFixes, unusedTyphaFixes} from '../../calico/typha-fix.ts'
import {type TyphaServiceName, typhaServiceName} from '../../calico/typha-service-name.ts'
import {defineCheck, type Fix, undecided} from '../../engine/check.ts'
import {type Collected, known, unknown} from '../../engine/collected.ts'
import {exampleEnv, manifestInstall} from '../example-cluster.ts'
import {exampleCalicoPod, exampleInstall, exampleStatus, exampleWorkload} from '../example-workloads.ts'

interface Args {
  /** `kube-system/calico-typha` */
  readonly service: string
  readonly fix: readonly Fix[]
}
const felix = ({service}: Args) => `Felix is told to reach Typha by Service ${service}`
const dark = 'calico-node becomes not ready, restarts, and takes no policy or route any more.'
const fix = ({fix}: Args) => fix
const verify = ({service}: Args) => ({
  text: 'The Service has ready addresses, and calico-node is ready.',
  command: `kubectl -n ${shellWord(service.split('/')[0] ?? '')} get endpointslices -l ${shellWord(`kubernetes.io/service-name=${service.split('/')[1] ?? ''}`)}`,
})

export default defineCheck({
  id: 'typha/incomplete',
  title: 'Typha is there whole, or not asked for',
  failureTitle: 'Typha is asked for and cannot answer, or runs for nobody',
  why:
    'Where a Typha Service is configured, Felix takes everything from Typha and nothing from the API server. Without Service, pods or ready addresses behind it, Felix has no policies ' +
    'and no routes, fails its health checks and is restarted for ever. The other way round, a Typha that nobody is told of relieves nothing.',
  needs: ['nodeEnv', 'calicoDeployments'],
  uses: ['typhaService', 'typhaEndpoints', 'calicoConfig', 'calicoPods', 'install'],
  messages: {
    noDeployment: {
      severity: 'error',
      text: (args: Args) => `${felix(args)}, and no Deployment of Typha is there. ${dark}`,
      fix,
      verify,
      absentFrom: ['calicoDeployments', 'typhaEndpoints'],
    },
    noReplicas: {
      severity: 'error',
      text: (args: Args) => `${felix(args)}, and Typha's Deployment is scaled to 0. ${dark}`,
      fix,
      verify,
      absentFrom: ['typhaEndpoints'],
    },
    noService: {severity: 'error', text: (args: Args) => `${felix(args)}, which does not exist, although Typha runs. ${dark}`, fix, verify},
    selectsNothing: {
      severity: 'error',
      text: (args: Args) => `${felix(args)}, whose selector does not match Typha's pods. ${dark}`,
      fix,
      verify,
      absentFrom: ['typhaEndpoints'],
    },
    notReady: {severity: 'error', text: (args: Args) => `${felix(args)}, and none of its pods is ready. ${dark}`, fix, verify, absentFrom: ['typhaEndpoints']},
    unused: {
      severity: 'warning',
      text: ({service}: Args) => `Typha runs (${service}), and calico-node is not told of it: every node still watches the API server by itself.`,
      fix,
      verify: () => ({text: 'calico-node has FELIX_TYPHAK8SSERVICENAME, or Typha is gone.', command: 'calico-doctor check --only typha/incomplete'}),
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/reference/typha/overview', 'https://docs.tigera.io/calico/latest/reference/typha/configuration'],
  *run({nodeEnv, calicoDeployments, typhaService, typhaEndpoints, calicoConfig, calicoPods, install}, report) {
    // Felix goes straight to this address and looks for no Service.
    if (nodeEnv.FELIX_TYPHAADDR?.value) return yield undecided(`Felix is given Typha's address (${nodeEnv.FELIX_TYPHAADDR.value}), which is not looked at`)
    const wanted = typhaServiceName(known(nodeEnv), calicoConfig)
    if (wanted.known && wanted.value.usedByFelix) {
      const fault = typhaFault(wanted.value, {service: typhaService, endpoints: typhaEndpoints, deployments: calicoDeployments})
      if (typeof fault === 'string') return yield undecided(fault)
      if (!fault) return
      if (fault.kind === 'notReady' && typhaStarts(calicoPods)) return yield undecided('every pod of Typha is just starting. Look again in a minute')
      const {namespace, name, source} = wanted.value
      const evidence = [`${source}: ${name}`, ...typhaFaultLines(fault, wanted.value), ...firstLines(typhaPodLines(calicoPods))]
      return yield report[fault.kind](
        {service: `${namespace}/${name}`, fix: typhaFixes(fault, wanted.value, install)},
        {subjects: [typhaFaultSubject(fault, wanted.value)], evidence},
      )
    }
    if (!wanted.known && wanted.why !== 'not-collected') return yield undecided(wanted.detail)
    const idle = typhaDeployments(calicoDeployments).filter(({desired}) => desired > 0)
    for (const deployment of idle)
      yield report.unused(
        {service: `Deployment ${deployment.namespace}/${deployment.name}`, fix: unusedTyphaFixes(install)},
        {
          subjects: [{kind: 'Deployment', name: deployment.name, namespace: deployment.namespace}],
          evidence: [replicasLine(deployment), toldLine(nodeEnv.FELIX_TYPHAK8SSERVICENAME, wanted)],
        },
      )
  },
  examples: {
    'no Typha and none asked for': {given: given({name: 'none', deployments: []}), finds: []},
    'a manifest that does not know the variable': {given: {...given({name: 'none', deployments: []}), nodeEnv: exampleEnv({}).value}, finds: []},
    'Typha with ready addresses': {given: given({}), finds: []},
    'one of three replicas is enough to answer': {given: given({deployments: [typha({desired: 3, ready: 1})]}), finds: []},
    'ready addresses, from a Deployment that is elsewhere': {given: given({deployments: []}), finds: []},
    'asked for and never installed': {
      given: given({service: unknown('absent', '404'), ready: [], deployments: []}),
      finds: ['noDeployment Deployment/calico-typha'],
    },
    'asked for and scaled to zero': {given: given({ready: [], deployments: [typha({desired: 0, ready: 0})]}), finds: ['noReplicas Deployment/calico-typha']},
    'the Service was forgotten': {given: given({service: unknown('absent', '404'), ready: []}), finds: ['noService Service/calico-typha']},
    'the Service selects other pods': {
      given: given({service: known(typhaService({'k8s-app': 'typha'})), ready: []}),
      finds: ['selectsNothing Service/calico-typha'],
    },
    'pods that cannot start': {
      given: {
        ...given({ready: [], deployments: [typha({desired: 2, ready: 0})]}),
        calicoPods: known([
          exampleCalicoPod('a', {
            name: 'calico-typha-0',
            app: 'calico-typha',
            ready: false,
            containers: [exampleStatus({name: 'calico-typha', reason: 'CrashLoopBackOff'})],
          }),
        ]),
      },
      finds: ['notReady Deployment/calico-typha'],
    },
    'its one pod was made a moment ago': {
      given: {
        ...given({ready: [], deployments: [typha({desired: 1, ready: 0})]}),
        calicoPods: known([exampleCalicoPod('a', {name: 'calico-typha-0', app: 'calico-typha', ready: false, age: 12})]),
      },
      finds: [],
    },
    'the operator has not brought it': {
      given: {...given({service: unknown('absent', '404'), ready: [], deployments: []}), install: exampleInstall('operator')},
      finds: ['noDeployment Deployment/calico-typha'],
    },
    'Typha runs, and the ConfigMap says none': {given: given({name: 'none'}), finds: ['unused Deployment/calico-typha']},
    'Typha runs, and the DaemonSet does not read the ConfigMap': {
      given: {
        ...given({}),
        nodeEnv: exampleEnv({DATASTORE_TYPE: 'kubernetes'}).value,
        calicoConfig: known({namespace: 'kube-system', name: 'calico-config', data: {typha_service_name: 'calico-typha'}}),
      },
      finds: ['unused Deployment/calico-typha'],
    },
    'switched off and scaled down': {given: given({name: 'none', deployments: [typha({desired: 0, ready: 0})]}), finds: []},
  },
})

const toldLine = (variable: EnvValue | undefined, wanted: Collected<TyphaServiceName>) =>
  variable
    ? `${variable.source}: FELIX_TYPHAK8SSERVICENAME ${JSON.stringify(variable.value)}`
    : `FELIX_TYPHAK8SSERVICENAME is not set on calico-node${wanted.known ? `, while ${wanted.value.source} says ${wanted.value.name}` : ''}`

function typha(more: {readonly desired: number; readonly ready: number}) {
  return exampleWorkload('Deployment', 'calico-typha', {...more, updated: more.desired})
}
function typhaService(selector: Service['selector']): Service {
  return {namespace: 'kube-system', name: 'calico-typha', clusterIps: ['10.96.0.7'], selector, ports: [5473]}
}
interface ExampleTypha {
  readonly name?: string
  readonly service?: Collected<Service>
  readonly ready?: readonly string[]
  readonly deployments?: readonly ReturnType<typeof typha>[]
}
function given({
  name = 'calico-typha',
  service = known(typhaService({'k8s-app': 'calico-typha'})),
  ready = ['10.0.0.1'],
  deployments = [typha({desired: 1, ready: 1})],
}: ExampleTypha) {
  return {
    nodeEnv: exampleEnv({FELIX_TYPHAK8SSERVICENAME: name}).value,
    calicoDeployments: deployments,
    typhaService: service,
    typhaEndpoints: known({ready, notReady: []}),
    calicoConfig: known({namespace: 'kube-system', name: 'calico-config', data: {typha_service_name: name}}),
    calicoPods: known([]),
    install: manifestInstall,
  }
}
