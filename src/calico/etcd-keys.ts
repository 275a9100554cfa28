/** Where Calico keeps one of its v3 kinds in etcd: `/calico/resources/v3/projectcalico.org/ippools/` (libcalico-go/lib/backend/model/resource.go). */
export const kindPrefix = (plural: string): string => `/calico/resources/v3/projectcalico.org/${plural}/`

/** Of cluster-scoped kinds, whose keys end with the name. */
export const nameInKey = (key: string): string => key.slice(key.lastIndexOf('/') + 1)

/** `https://10.0.0.1:2379, https://10.0.0.2:2379`, as ETCD_ENDPOINTS has them. */
export const endpointsIn = (list: string): string[] => list.split(',').flatMap(part => part.trim() || [])
