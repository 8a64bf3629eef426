"""For those who keep and watch the service: a number for every request, logs as JSON without personal data, metrics, readiness. Knows no business."""
