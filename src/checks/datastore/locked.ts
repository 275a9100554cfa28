import type {ClusterInformation, DatastoreMigration} from '../../calico/resources.ts'
import {defineCheck, undecided} from '../../engine/check.ts'
import {type Collected, known, orAbsent, unknown} from '../../engine/collected.ts'

interface Args {
  readonly phase: string
}
interface LockedArgs {
  /** false: whether a migration is running could not be seen. */
  readonly migrationSeen: boolean
  /** The v1 CRD can be patched by kubectl; native v3 CRDs refuse all writers but Calico's own. */
  readonly patchable: boolean
}
const show = 'calicoctl get clusterinformation default -o yaml | grep datastoreReady'
const verify = () => ({text: 'datastoreReady is true, and a new pod gets an address.', command: show})
const migrationVerify = () => ({text: 'The phase reaches Complete.', command: 'kubectl get datastoremigrations.migration.projectcalico.org -o yaml'})

export default defineCheck({
  id: 'datastore/locked',
  title: "Calico's datastore is open",
  failureTitle: "Calico's datastore is locked",
  why:
    'While ClusterInformation says datastoreReady: false, Felix takes no more changes and the CNI plugin refuses to connect or disconnect pods. Pods that run go on; new ones stay in ' +
    'ContainerCreating. A migration sets it for its own time, and one that was broken off leaves it behind.',
  needs: ['clusterInformation'],
  uses: ['datastoreMigrations', 'apiGroup'],
  messages: {
    locked: {
      severity: 'error',
      text: ({migrationSeen}: LockedArgs) =>
        `The datastore is locked (datastoreReady: false) and ${migrationSeen ? 'no migration is running' : 'whether a migration is running could not be seen'}. ` +
        'New pods get no network, and no change of policy or pool takes effect.',
      fix: ({patchable}) => [
        {text: 'Make sure that nobody is moving the datastore at this moment, then unlock it.', command: 'calicoctl datastore migrate unlock'},
        ...(patchable ? [withoutCalicoctl] : []),
      ],
      verify,
    },
    stuck: {
      severity: 'error',
      text: ({phase}: Args) =>
        `The move to v3 CRDs stands at ${phase} and keeps the datastore locked. Until somebody settles it, new pods get no network and no change takes effect.`,
      fix: () => [
        {
          text: 'Read the conditions of the DatastoreMigration: they name the resources in conflict or the error. Mend these; the migration goes on by itself.',
          command: 'kubectl describe datastoremigrations.migration.projectcalico.org',
        },
      ],
      verify: migrationVerify,
    },
    migrating: {
      severity: 'info',
      text: ({phase}: Args) => `The datastore is locked because it is being moved to v3 CRDs (${phase}). Pods that run go on; new ones wait until it is done.`,
      fix: () => [
        {text: 'Wait for the migration to go on, and do not unlock by hand.', command: 'kubectl get datastoremigrations.migration.projectcalico.org'},
      ],
      verify: migrationVerify,
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/operations/datastore-migration', 'https://docs.tigera.io/calico/latest/reference/resources/clusterinfo'],
  *run({clusterInformation, datastoreMigrations, apiGroup}, report) {
    const {datastoreReady} = clusterInformation.spec
    if (datastoreReady === true) return
    if (datastoreReady === undefined) return yield undecided('ClusterInformation default does not say whether the datastore is ready')
    const migrations = orAbsent(datastoreMigrations, [])
    const running = migrations.known ? migrations.value.find(({phase}) => phase !== 'Complete') : undefined
    const place = {subjects: [{kind: 'ClusterInformation', name: 'default'}], evidence: evidenceOf(migrations.known ? migrations.value : [])}
    if (!running)
      yield report.locked(
        {migrationSeen: migrations.known && migrations.partial === undefined, patchable: apiGroup.known && apiGroup.value.group === 'crd.projectcalico.org'},
        place,
      )
    else if (stuck.includes(running.phase)) yield report.stuck({phase: running.phase}, place)
    else yield report.migrating({phase: running.phase || 'Pending'}, place)
  },
  examples: {
    open: {given: given(true, unknown('absent', '404')), finds: []},
    'open while a migration of old times is still there': {given: given(true, migration('Complete')), finds: []},
    'locked and left': {given: given(false, unknown('absent', '404')), finds: ['locked ClusterInformation/default']},
    'locked since a migration that is over': {
      given: given(false, migration('Complete')),
      finds: ['locked ClusterInformation/default'],
    },
    'locked, and migrations may not be read': {
      given: given(false, unknown('forbidden', '403')),
      finds: ['locked ClusterInformation/default'],
    },
    'a migration is at it': {
      given: given(false, migration('Migrating')),
      finds: ['migrating ClusterInformation/default'],
    },
    'a migration has only begun': {
      given: given(false, migration('')),
      finds: ['migrating ClusterInformation/default'],
    },
    'a migration waits for somebody': {
      given: given(false, migration('WaitingForConflictResolution')),
      finds: ['stuck ClusterInformation/default'],
    },
  },
})

const withoutCalicoctl = {
  text: 'Without calicoctl: set spec.datastoreReady to true in ClusterInformation default.',
  command: `kubectl patch clusterinformations.crd.projectcalico.org default --type merge -p '{"spec":{"datastoreReady":true}}'`,
}

/** Phases that do not go on without help (calico: api/pkg/apis/migration). */
const stuck: readonly string[] = ['WaitingForConflictResolution', 'Failed']

const evidenceOf = (migrations: readonly DatastoreMigration[]) => [
  'ClusterInformation default spec.datastoreReady: false',
  ...migrations.map(({name, phase}) => `DatastoreMigration ${name} status.phase: ${phase || 'not set yet'}`),
]

function ready(datastoreReady: boolean): ClusterInformation {
  return {name: 'default', spec: {calicoVersion: 'v3.32.1', datastoreReady}}
}
function given(datastoreReady: boolean, datastoreMigrations: Collected<DatastoreMigration[]>) {
  return {
    clusterInformation: ready(datastoreReady),
    datastoreMigrations,
    apiGroup: known({mode: 'crd-v1', group: 'crd.projectcalico.org', version: 'v1'} as const),
  }
}
function migration(phase: string) {
  return known([{name: 'v1-to-v3', phase}])
}
