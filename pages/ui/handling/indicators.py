"""The indicators by which handling times are told."""

MEDIAN, P90, MEAN = "handling_days_median", "handling_days_p90", "handling_days_mean"
ENDED, OPEN = "complaint_ended_count", "open_complaint_count"
