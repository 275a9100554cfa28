/** The server may be below a path, as behind Rancher: `https://host/k8s/clusters/c-1`. */
export const pathOn = ({pathname}: URL, path: string): string => `${pathname.replace(/\/+$/, '')}${path}`

/** What the audit log of the cluster shows. */
export const userAgent = 'calico-doctor'
