import type {DatastoreMigration} from '../../calico/resources.ts'
import type {Collected} from '../../engine/collected.ts'
import {type Cluster, defineCollector} from '../../engine/collector.ts'
import {at, text, textAt} from '../fields.ts'

/** Served as v1 or, before, v1beta1 (calico: api/pkg/apis/migration); 404 of both is `absent`: no move was ever started. */
export default defineCollector({
  source: 'datastore-migrations',
  access: [{verb: 'list', group: 'migration.projectcalico.org', resource: 'datastoremigrations'}],
  async collect(cluster) {
    const served = await migrationsOf(cluster, 'v1')
    return served.known || served.why !== 'absent' ? served : migrationsOf(cluster, 'v1beta1')
  },
  facts: {datastoreMigrations: (migrations: readonly DatastoreMigration[]) => migrations},
})

const migrationsOf = (cluster: Cluster, version: string): Promise<Collected<DatastoreMigration[]>> =>
  cluster.list({group: 'migration.projectcalico.org', version, resource: 'datastoremigrations'}, {project})

function project(item: unknown): DatastoreMigration | undefined {
  const name = text(at(item, 'metadata', 'name'))
  return name === undefined ? undefined : {name, phase: textAt(item, 'status', 'phase')}
}
