import type {DatastoreClaim} from './cluster.ts'

/** One line for each place that says which datastore is used, as it says it. */
export const claimLine = ({component, type, where, byDefault}: DatastoreClaim): string => `${component}: ${type}${byDefault ? ' by default' : ''} (${where})`
