"""Controls of the guide's chapter "Kubernetes Pod security": one small file each."""
