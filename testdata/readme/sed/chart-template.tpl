# A template that nobody has rendered.
apiVersion: apps/v1
kind: DaemonSet
metadata:
  {{- include "csi-example.labels" . | nindent 2 }}
spec:
  template:
    spec:
      volumes:
        - name: pods-dir
          hostPath:
            path: {{ .Values.kubeletDir | default "/var/lib/kubelet" }}/pods
