"""What the sealing tells Prometheus."""

from prometheus_client import Counter, Gauge

SEALED = Counter("kechuang_audit_sealed_total", "Audit rows this process sealed")
UNCOVERED = Gauge("kechuang_audit_uncovered", "Audit rows that no signed checkpoint covers yet")
UNCOVERED_AGE = Gauge("kechuang_audit_uncovered_seconds", "Age of the oldest of them")
MISFIT = Gauge(
    "kechuang_audit_misfit", "1 while the chain is not what this process signed; it signs no more"
)
EXPORT_FAILURES = Counter(
    "kechuang_audit_export_failures_total", "Checkpoints that could not be written to the directory"
)
