"""The practice cluster: a real etcd and Kubernetes control plane on loopback, run as the user who asks for it."""
