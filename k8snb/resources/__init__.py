"""Typed views of Kubernetes objects: only the fields that are assessed, under Kubernetes' own names.

Attributes keep the API's spelling (`hostPID`, `runAsNonRoot`), so that a field path in evidence is what the code says.
Everything may be null or absent; a wrong type refuses the object.
"""
